import type { SerializedError } from '../../../src/index.ts'
import { isOwnFrame } from '../../settings/own-package.ts'
import type { Verdict } from '../../scenario/verdict.ts'

/** Frames kept: the first one is shown with its lines, the others as a list. */
const FRAMES_MAX = 10

/**
 * What the subject itself failed with, as an error that Vitest shows like any other: its name, its message, its causes,
 * and the lines of the subject that it came from. Frames of this package, which made an injected fault, are left out.
 */
export class SubjectFailure extends Error {
  override readonly name: string
  override readonly cause?: SubjectFailure

  constructor({ name, message, stack, cause, errors }: SerializedError) {
    super(message + partsOf(errors, message))
    this.name = name
    this.stack = `${name}: ${message}\n${framesOf(stack).join('\n')}`
    if (cause !== undefined) this.cause = new SubjectFailure(cause)
  }
}

/** The subject's own error in a verdict that is not good; `undefined` when it did not fail. */
export function subjectFailureOf({ ok, error }: Verdict): SubjectFailure | undefined {
  return ok || error === null ? undefined : new SubjectFailure(error)
}

/** The same as plain data, for the way out of a worker. */
export function plainFailure({ name, message, stack, cause }: SubjectFailure): Record<string, unknown> {
  return { name, message, stack, ...(cause === undefined ? {} : { cause: plainFailure(cause) }) }
}

/** The members of an aggregate, unless its message has them all. */
function partsOf(errors: SerializedError['errors'], message: string): string {
  if (errors === undefined || errors.every((part) => message.includes(part.message))) return ''
  return errors.map((part, index) => `\n${index + 1}. ${part.name}: ${part.message}`).join('')
}

function framesOf(stack: string | undefined): string[] {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && !isOwnFrame(line))
  return frames.slice(0, FRAMES_MAX)
}
