import type { SerializedError } from '../../../src/index.ts'
import { isAbortError } from '../../scenario/abort-error.ts'
import type { CallerEnd, Departure, Observation } from '../../scenario/observation.ts'
import type { Observed } from './expect.ts'

/** How the subject ended, in the words that expectations have for it. */
export function observed({ result, thrown, departure, callers }: Observation): Observed {
  if (result !== undefined) return result
  // Of several, one that failed says more than one that left.
  const failed =
    callers.find((caller) => statusOf(caller) === 'failed') ??
    callers.find((caller) => caller.thrown !== null)
  const ending = failed ?? { thrown, departure }
  if (ending.thrown === null) return { status: 'completed', feedback: null, error: null }
  return { status: statusOf(ending), feedback: ending.thrown.message, error: ending.thrown }
}

interface Left {
  readonly thrown: SerializedError | null
  readonly departure: Departure | null
}

/** How one caller's call ended. */
export function statusOf({ thrown, departure }: Left | CallerEnd): 'completed' | 'failed' | 'cancelled' {
  if (thrown === null) return 'completed'
  return departure !== null && isAbortError(thrown) ? 'cancelled' : 'failed'
}
