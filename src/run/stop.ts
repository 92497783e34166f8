import type { ControlKind, ControlSignal } from '../base/control.ts'
import type { AuditError } from '../base/errors.ts'
import type { StepResult } from '../base/result.ts'

/**
 * What ends a run before its pipeline does: a control signal, or an audit trail that takes no more records.
 *
 * A stop travels to the engine's edge with the result of the node it ended, and that of each node above. It is never
 * thrown on the way: every node on its path has its result and its record, and a branch beside it can be waited for.
 */
export type Stop = ControlSignal | AuditError

/** The code of an abort of a branch beside one that has ended the whole run. */
export const SIBLING_STOPPED = 'E_SIBLING_STOPPED'

/** Beside the results, not in them: results are plain data, and nearly none has a stop. */
const stops = new WeakMap<StepResult, Stop>()

/** Says that a result came about because of a stop; of `undefined` it says nothing. */
export function withStop(result: StepResult, stop: Stop | undefined): StepResult {
  if (stop !== undefined) stops.set(result, stop)
  return result
}

/** What ended a node before it was done; `undefined` for a node that came to an end of its own. */
export function stopOf(result: StepResult): Stop | undefined {
  return result.success ? undefined : stops.get(result)
}

/** What a node is that a stop has ended. */
export type StoppedStatus = 'cancelled' | 'paused' | 'failed'

const STATUS_BY_KIND: Readonly<Record<ControlKind, StoppedStatus>> = {
  abort: 'cancelled',
  pause: 'paused',
  configuration: 'failed',
  quota: 'failed',
  hook: 'failed',
}

/**
 * What a stop makes of what it ended, from the attempt to the run. At the edge, `failed` is thrown with the partial
 * result; the others are results that the caller is given.
 */
export function statusOfStop(stop: Stop): StoppedStatus {
  // A signal may come from another copy of this package, which may know more kinds.
  if (!('kind' in stop) || !Object.hasOwn(STATUS_BY_KIND, stop.kind)) return 'failed'
  return STATUS_BY_KIND[stop.kind]
}

/**
 * The stop as it leaves the engine, with what the run came to, over one input or many. One that cannot be written to, or that another run has
 * thrown already, leaves as a copy.
 */
export function atEdge(stop: Stop, result: object): Error {
  const field = { value: result, enumerable: false }
  if (Object.isExtensible(stop) && !Object.hasOwn(stop, 'result'))
    return Object.defineProperty(stop, 'result', field)
  const { stack } = stop
  return Object.create(Object.getPrototypeOf(stop) as object, {
    ...Object.getOwnPropertyDescriptors(stop),
    stack: { value: stack, enumerable: false },
    result: field,
  }) as Error
}
