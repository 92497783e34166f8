import { safe, safeLine } from '../../reporters/text/terminal.ts'
import { firstLines } from '../../reporters/text/visible.ts'
import { serializeError } from '../../src/base/serialize-error.ts'
import { ShakedownError } from '../../src/base/errors.ts'
import type { SerializedError } from '../../src/base/result.ts'
import { EXIT } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'
import { prose } from '../../reporters/text/layout.ts'

/** Lines of a message that are shown: one screen of 24 lines, less what is around it. */
const MESSAGE_LINES_MAX = 15

/** There is no result, because the run was ended from outside before it could have one. */
export class UnfinishedError extends ShakedownError {
  override readonly name = 'UnfinishedError'
}

/** Where the report of what was refused is, by its error: what is said of it is said in one place. */
const reports = new WeakMap<Error, string>()

/** Notes that there is a report of what was refused, to be named with the error. */
export function noteReport(error: Error, file: string): void {
  reports.set(error, file)
}

/** An error as a person reads it, and what the process ends with. */
export interface DescribedError {
  readonly text: string
  readonly exitCode: ExitCode
}

/**
 * The one place that words errors: what happened, what to do, the code to search for. A `ShakedownError` is the
 * person's to solve and fits one screen; anything else is ours, so it shows its stack and asks to be reported.
 *
 * @param debug also show the stack of a `ShakedownError`; default false
 */
export function describeError(error: unknown, debug = false): DescribedError {
  if (!(error instanceof ShakedownError)) return { text: internalFault(error), exitCode: EXIT.internal }
  const report = reports.get(error)
  const parts = [
    `shakedown: ${error.code}`,
    firstLines(prose(error.message), MESSAGE_LINES_MAX),
    ...(error.hint === undefined ? [] : [prose(`→ ${error.hint}`)]),
    ...(report === undefined ? [] : [`The report says so, too: ${safeLine(report)}`]),
    ...(debug ? [safe(stackOf(serializeError(error)))] : []),
  ]
  return {
    text: `${parts.join('\n\n')}\n`,
    exitCode: error instanceof UnfinishedError ? EXIT.unfinished : EXIT.usage,
  }
}

function internalFault(error: unknown): string {
  return [
    'shakedown: E_INTERNAL',
    prose('This is a fault of shakedown, not of your project. Please report it with the text below.'),
    safe(stackOf(serializeError(error))),
    '',
  ].join('\n\n')
}

/** The stack with those of its causes; V8 leaves them out. */
function stackOf({ name, message, stack, cause }: SerializedError): string {
  const own = stack || `${name}: ${message}`
  return cause === undefined ? own : `${own}\ncaused by ${stackOf(cause)}`
}
