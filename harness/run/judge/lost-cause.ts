import { describeThrown, serializeError } from '../../../src/base/serialize-error.ts'
import type { SerializedError } from '../../../src/index.ts'
import type { Observation, ObservedCall } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/**
 * A function that failed the moment its last call did, with an error that says nothing of that one: whoever reads it
 * cannot tell what broke. A time-out or an open breaker fails later, and rightly in its own words; an error with a cause
 * says what broke, and a call that was aborted did not break at all.
 */
export function lostCauseRemark({
  plan,
  thrown,
  calls,
  departure,
  callers,
  virtualMs,
}: Observation): Remark | undefined {
  if (plan !== undefined || thrown === null || departure !== null) return undefined
  // Whose call it was that failed last is not known.
  if (callers.length > 0 || thrown.cause !== undefined) return undefined
  const failed = calls.filter((call) => call.settled === 'threw' && call.action !== undefined)
  const last = failed.findLast(({ settledAtMs }) => settledAtMs === virtualMs)
  if (last === undefined || isAbort(last.failure) || calls.some(({ settled }) => settled === 'open'))
    return undefined
  if (failed.some((call) => tellsOf(thrown, call))) return undefined
  return {
    code: 'E_CAUSE_LOST',
    at: ['faults', last.point],
    message: `The subject failed with ${thrown.name}: ${thrown.message}, which does not mention the error that caused it: ${last.point} (call ${last.nth}) threw ${describeThrown(last.failure)}. Give the new error the old one as its \`cause\`.`,
  }
}

/** Whoever made the call has ended it, such as a client whose own limit was up. */
function isAbort(failure: unknown): boolean {
  return serializeError(failure).name === 'AbortError'
}

/** Whether an error, one of its causes or one of its parts says anything that the failure of a call said. */
function tellsOf(error: SerializedError, { failure }: ObservedCall): boolean {
  const told = wordsOf(error).join(' ')
  return wordsOf(serializeError(failure)).some((word) => told.includes(word))
}

/** The messages and codes of an error, its causes and its parts. */
function wordsOf({ message, code, cause, errors = [] }: SerializedError): readonly string[] {
  const parts = cause === undefined ? errors : [cause, ...errors]
  return [message, ...(code === undefined ? [] : [code]), ...parts.flatMap(wordsOf)]
}
