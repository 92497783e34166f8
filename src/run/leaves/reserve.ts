import { type ControlSignal, isControlSignal } from '../../base/control.ts'
import { ShakedownError } from '../../base/errors.ts'
import { got } from '../../base/got.ts'
import { isPromise, leaveAlone } from '../../base/promise.ts'
import { QuotaExceededError } from '../../base/quota-exceeded.ts'
import { isolate } from '../../context/isolate.ts'
import type { StepNode } from '../../nodes/step.ts'
import { isEstimate, type QuotaEstimate } from '../../policy/quota.ts'
import type { Reservation, RunQuota } from '../../policy/run-quota.ts'
import type { Attempt } from './attempt.ts'
import type { Scope } from '../scope.ts'
import type { Lost } from './settle.ts'
import { recordEvent } from '../trail.ts'

/** What a reservation needs to know of its step. */
interface ReservingStep {
  readonly node: Pick<StepNode<never, unknown>, 'name' | 'policy'>
  readonly path: string
}

/** The events that the quota writes. */
export const QUOTA_EVENTS = ['quota_reservation_denied', 'quota_exceeded'] as const

const NOTHING_EXPECTED: QuotaEstimate = Object.freeze({})

/** Reserves what an attempt is expected to cost, or says why it is not made. */
export function reserve(
  { node, path }: ReservingStep,
  attempt: number,
  quota: RunQuota,
  input: unknown,
  scope: Scope,
): Reservation | Lost {
  let estimate: QuotaEstimate
  try {
    estimate = estimateOf(node, input)
  } catch (thrown) {
    return isControlSignal(thrown) ? { kind: 'control', signal: thrown } : { kind: 'failed', thrown }
  }
  const reserved = quota.reserve(estimate)
  if (!(reserved instanceof QuotaExceededError)) return reserved
  recordEvent(scope, path, 'quota_reservation_denied', {
    attempt,
    estimate,
    limits: reserved.limits,
    remaining: quota.remaining,
  })
  return { kind: 'control', signal: reserved }
}

function estimateOf({ name, policy }: ReservingStep['node'], input: unknown): QuotaEstimate {
  const { estimate } = policy
  if (typeof estimate !== 'function') return estimate ?? NOTHING_EXPECTED
  const said: unknown = estimate(isolate(input) as never)
  // Looked at first: a promise has no fields of its own, as an estimate of nothing has none.
  if (isPromise(said)) leaveAlone(said)
  else if (isEstimate(said)) return { ...said }
  throw new EstimateError(name, said)
}

/** A step's `estimate` gave nothing that can be reserved. */
class EstimateError extends ShakedownError {
  override readonly name = 'EstimateError'
  readonly retryable = false

  constructor(step: string, said: unknown) {
    const expected = '{ costUsd, tokens }, numbers of at least 0'
    const hint = isPromise(said)
      ? { hint: 'It has to say so at once: nothing is waited for between it and the attempt.' }
      : {}
    super(
      'E_ESTIMATE',
      `Expected \`estimate\` of step '${step}' to give ${expected}, got ${got(said)}.`,
      hint,
    )
  }
}

/** Settles what an attempt has spent. One that has exceeded the quota is lost, whatever it gave. */
export function reconcile(
  reservation: Reservation,
  attempt: Attempt,
  lost: Lost | undefined,
  scope: Scope,
): Lost | undefined {
  const cause = lost?.kind === 'failed' ? lost.thrown : undefined
  const exceeded = reservation.settle(attempt.usage, cause)
  if (exceeded === undefined) return lost
  recordEvent(scope, attempt.path, 'quota_exceeded', {
    attempt: attempt.attempt,
    usage: attempt.usage,
    limits: exceeded.limits,
  })
  return lost?.kind === 'control' && !isCancelledBranch(lost.signal, scope)
    ? // What has ended the run already ends it still.
      lost
    : { kind: 'control', signal: exceeded }
}

/** The run goes on beside an attempt whose branch is not wanted any more, and what that has spent counts like the rest. */
function isCancelledBranch(signal: ControlSignal, scope: Scope): boolean {
  return signal === scope.aborted && !scope.isAbortedFromOutside
}
