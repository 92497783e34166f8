import { describeThrown } from '../base/serialize-error.ts'
import type { BreakerTransition } from '../policy/breaker.ts'
import type { Scope } from './scope.ts'
import type { Settlement } from './settle.ts'
import { recordEvent } from './trail.ts'

/** The events of one adapter; each says in `text` what people read in a log. */
export const ADAPTER_EVENTS = ['breaker', 'attempt_failed', 'task_succeeded'] as const

/** Whose events they are. */
interface Named {
  readonly path: string
  readonly node: { readonly name: string; readonly policy: { readonly retries: number } }
}

/** Records what an attempt came to. */
export function recordVerdict(
  scope: Scope,
  { path, node }: Named,
  attempt: number,
  settlement: Settlement,
): void {
  const adapter = node.name
  const of = node.policy.retries + 1
  if (settlement.kind === 'completed') {
    const text = `Task succeeded on ${adapter} (attempt ${attempt}/${of})`
    recordEvent(scope, path, 'task_succeeded', { adapter, attempt, of, level: 'info', text })
  } else if (settlement.kind === 'failed') {
    const error = describeThrown(settlement.thrown)
    const text = `Attempt ${attempt}/${of} failed on ${adapter}: ${error}`
    recordEvent(scope, path, 'attempt_failed', { adapter, attempt, of, error, level: 'warn', text })
  }
}

/** Records a change of the adapter's circuit breaker, if there was one. */
export function recordTransition(
  scope: Scope,
  { path, node }: Named,
  attempt: number,
  transition: BreakerTransition | undefined,
): void {
  if (transition === undefined) return
  const { from, to } = transition
  const text = `Circuit breaker of ${node.name}: ${from} → ${to}`
  const level = to === 'open' ? 'warn' : 'info'
  recordEvent(scope, path, 'breaker', { adapter: node.name, attempt, from, to, level, text })
}
