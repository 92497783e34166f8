import { isDeepStrictEqual } from 'node:util'
import { serializeError } from '../../src/base/serialize-error.ts'
import { kindOf } from '../faults/points/points.ts'
import { isAbortError } from '../scenario/abort-error.ts'
import type { CallerEnd, Departure, Observation, ObservedCall } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { listCalls } from './list-calls.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

// Taken when this module is loaded, before any subject is.
const isSame = isDeepStrictEqual

/**
 * 22: once its caller has left, the subject goes on with nothing that it was at and settles without waiting for anything
 * but calls; it completes, or fails for the reason that it was given up. To clean up — undo a step, release a lease, roll
 * back — it may make calls that it has not made before: to another point, or with another input. A request that only reads
 * undoes nothing: the next page of what it was reading is going on.
 */
export const heedsAbort: Oracle = {
  number: 22,
  name: 'heeds-abort',
  judges: 'any',
  check(observation) {
    const { departure, end, scenario, calls, callers } = observation
    if (scenario.subject.kind === 'function' && scenario.spec.background === true) return []
    if (callers.length > 0) return callers.flatMap((caller) => leaver(caller, calls))
    if (departure === null) return []
    const further = goneOnWith(observation, departure)
    if (further.length > 0) return [callsAfter(departure, further)]
    if (end.kind !== 'settled') return []
    return [...waitedOn(observation, departure), ...otherFailure(observation, departure)]
  },
}

/** One of several: which calls are its own is not known, so it is held only to waiting for nothing but calls. */
function leaver(
  { departure, settledAtMs, thrown }: CallerEnd,
  calls: readonly ObservedCall[],
): readonly Problem[] {
  if (departure === null || settledAtMs === undefined) return []
  return [
    ...waitedOn({ virtualMs: settledAtMs, calls }, departure),
    ...otherFailure({ result: undefined, thrown }, departure),
  ]
}

/** Calls after the caller left that the subject had made before: attempts, not the cleaning up. */
function goneOnWith({ calls, scenario }: Observation, { callsBefore }: Departure): readonly ObservedCall[] {
  const further = calls.slice(callsBefore)
  // Nothing of a pipeline cleans up: its engine calls steps, and no step is to begin.
  if (scenario.subject.kind === 'pipeline') return further
  const before = Map.groupBy(calls.slice(0, callsBefore), ({ point }) => point)
  return further.filter(({ point, input }) => {
    const made = before.get(point)
    if (made === undefined) return false
    return kindOf(point)?.onlyReads?.(input) === true || made.some((call) => isSame(call.input, input))
  })
}

function callsAfter({ atMs }: Departure, further: readonly ObservedCall[]): Problem {
  return violation(
    heedsAbort,
    `Expected no further call once the caller had left at ${atMs} ms, got ${listCalls(further)}. Ask \`signal.throwIfAborted()\` before each attempt, and do not retry an AbortError.`,
    { expected: 0, actual: further.length },
  )
}

function waitedOn(
  { virtualMs, calls }: Pick<Observation, 'virtualMs' | 'calls'>,
  { atMs, open, callsBefore }: Departure,
): Problem[] {
  // A call that hears no abort is given its own time: what ends it late is not the subject's to decide.
  const awaited = [...open, ...calls.slice(callsBefore)]
  const until = awaited.reduce((last, { settledAtMs }) => Math.max(last, settledAtMs ?? Infinity), atMs)
  if (virtualMs <= until) return []
  return [
    violation(
      heedsAbort,
      `Expected the subject to settle at ${until} ms, as its caller left at ${atMs} ms${open.length > 0 ? ' and no call was under way any more' : ' and no call was under way'}; it settled at ${virtualMs} ms. A wait has to end when the signal aborts: give it the signal.`,
      { expected: until, actual: virtualMs },
    ),
  ]
}

function otherFailure(
  { result, thrown }: Pick<Observation, 'result' | 'thrown'>,
  { atMs, open }: Departure,
): Problem[] {
  const error = result?.status === 'failed' ? result.error : thrown
  if (error === null || isAbortError(error)) return []
  // A call that was under way may fail by itself before it hears that nobody wants it; then its error is the truth.
  if (open.some(({ settled, failure }) => settled === 'threw' && !isAbortError(serializeError(failure))))
    return []
  return [
    violation(
      heedsAbort,
      `Expected the subject to complete, or to fail with the signal's reason or an AbortError, as its caller left at ${atMs} ms; it failed with ${error.name}: ${error.message}`,
    ),
  ]
}
