import { ShakedownError } from '../../base/errors.ts'
import { got } from '../../base/got.ts'
import { isPromise, leaveAlone } from '../../base/promise.ts'
import { describeThrown } from '../../base/serialize-error.ts'
import { backoffMs } from '../../policy/backoff.ts'
import { retryAfterMs } from '../../policy/retry-after.ts'
import type { StepPolicy } from '../../policy/step-policy.ts'
import type { Scope } from '../scope.ts'
import { type Lost, thrownAs } from './settle.ts'

/** What is tried again after a failure: a step, or a task at an adapter. */
interface Tried {
  readonly name: string
  readonly policy: Pick<StepPolicy, 'retries' | 'backoff' | 'retryIf'>
}

/** What ends the step when an attempt did not complete; `undefined` when it deserves another one. */
export function finalLoss({ name, policy }: Tried, failed: number, lost: Lost): Lost | undefined {
  if (lost.kind === 'control' || failed > policy.retries) return lost
  if (policy.retryIf === undefined) return isRetryable(lost.thrown) ? undefined : lost
  try {
    const said: unknown = policy.retryIf(lost.thrown)
    if (!isPromise(said)) return said ? undefined : lost
    leaveAlone(said)
    return { ...lost, thrown: new RetryIfError(name, said, lost.thrown) }
  } catch (thrown) {
    // A judge that chokes has not said that the work may be done once more. The step's own error says more than its.
    const choked = thrownAs(thrown)
    return choked.kind === 'control' ? choked : lost
  }
}

/** A step's `retryIf` did not answer at once, so nobody knows what it says. */
class RetryIfError extends ShakedownError {
  override readonly name = 'RetryIfError'

  constructor(step: string, said: unknown, cause: unknown) {
    super(
      'E_RETRY_IF',
      `Expected \`retryIf\` of step '${step}' to give true or false at once, got ${got(said)}; the attempt had failed: ${describeThrown(cause)}`,
      { cause },
    )
  }
}

function isRetryable(thrown: unknown): boolean {
  try {
    return (thrown as { retryable?: unknown }).retryable !== false
  } catch {
    // What cannot be read, such as `undefined`, says nothing against another attempt.
    return true
  }
}

/** How long to wait before the next attempt, in milliseconds: the back-off, or what the failure asks for where that is longer. */
export function nextDelayMs(
  { policy }: Pick<Tried, 'policy'>,
  failed: number,
  lost: Lost,
  { run }: Scope,
): number {
  const { clock, random } = run.world
  const askedMs = lost.kind === 'failed' ? retryAfterMs(lost.thrown, clock.wallMs) : 0
  return Math.max(backoffMs(policy.backoff, failed, random), askedMs)
}
