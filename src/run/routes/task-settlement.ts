import { softFailureOf } from '../../adapters/soft-failure.ts'
import { InputError } from '../../base/errors.ts'
import type { SerializedError } from '../../base/result.ts'
import { describeThrown, serializeError } from '../../base/serialize-error.ts'
import { isolate } from '../../context/isolate.ts'
import type { BreakerTransition, Permit } from '../../policy/breaker.ts'
import type { RouteAttempt } from './assignment.ts'
import type { Settlement } from '../leaves/settle.ts'
import { statusOfStop } from '../stop.ts'

/** A copy of its own for each attempt; a failure when there can be none. */
export function copyOf(task: unknown, name: string): Exclude<Settlement, { readonly kind: 'control' }> {
  try {
    return { kind: 'completed', output: isolate(task) }
  } catch (thrown) {
    return { kind: 'failed', thrown: new InputError(name, describeThrown(thrown), thrown) }
  }
}

/** What an attempt came to once its result has been asked whether it is a failure. */
export function judged(settlement: Settlement): Settlement {
  if (settlement.kind !== 'completed') return settlement
  const failure = softFailureOf(settlement.output)
  return failure === undefined ? settlement : { kind: 'failed', thrown: failure, output: settlement.output }
}

/** Tells the breaker what a call came to; of a call that its caller has ended there is nothing to tell. */
export function verdict(permit: Permit | undefined, { kind }: Settlement): BreakerTransition | undefined {
  switch (kind) {
    case 'completed':
      return permit?.succeeded()
    case 'failed':
      return permit?.failed()
    case 'control':
      permit?.released()
      return undefined
  }
}

/** What an attempt's record says of it. */
export function statusOf(settlement: Settlement): RouteAttempt['status'] {
  if (settlement.kind !== 'control') return settlement.kind
  const status = statusOfStop(settlement.signal)
  // The attempt itself is over: a run that carries on makes another one.
  return status === 'paused' ? 'interrupted' : status
}

/** What it failed with, as data. */
export function errorOf(settlement: Settlement): SerializedError | null {
  if (settlement.kind === 'completed') return null
  return serializeError(settlement.kind === 'failed' ? settlement.thrown : settlement.signal)
}
