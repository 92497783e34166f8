import type { AdapterCall, AnyAdapter } from '../adapters/adapter.ts'
import { ready } from '../adapters/readiness.ts'
import type { StepContext } from '../context/step-context.ts'
import type { StepPolicy } from '../policy/step-policy.ts'
import { makeNode, type Node } from './node.ts'
import type { StepFunction } from './step.ts'

/** An adapter at its place in a route: what is tried, and how. Made by `route`; nobody else needs one. */
export interface AdapterNode extends Node<never, unknown> {
  readonly kind: 'adapter'
  readonly adapter: AnyAdapter
  /** As a step's: the route's `maxAttempts` are its retries and one. */
  readonly policy: StepPolicy
  readonly run: StepFunction<never, unknown>
}

/** What an attempt at an adapter is given: a step's context, and the key that all attempts at the task share. */
export interface AdapterAttempt extends StepContext {
  readonly idempotencyKey: string
}

/** @param name the adapter's in its one spelling */
export function adapterNode(name: string, adapter: AnyAdapter, policy: StepPolicy): AdapterNode {
  const run = (task: never, ctx: StepContext): unknown => {
    const call = new Call(ctx as AdapterAttempt)
    const pending = ready(adapter)
    return pending === undefined
      ? adapter.execute(task, call)
      : pending.then(() => adapter.execute(task, call))
  }
  return makeNode({ shakedownNode: true, kind: 'adapter', name, adapter, policy, run })
}

/** What an adapter may know of the attempt, and no more: the run's context is none of its business. */
class Call implements AdapterCall {
  readonly #attempt: AdapterAttempt

  constructor(attempt: AdapterAttempt) {
    this.#attempt = attempt
  }

  get signal(): AbortSignal {
    return this.#attempt.signal
  }

  get clock(): AdapterCall['clock'] {
    return this.#attempt.clock
  }

  get idempotencyKey(): string {
    return this.#attempt.idempotencyKey
  }

  get attempt(): number {
    return this.#attempt.attempt
  }

  get meter(): AdapterCall['meter'] {
    return this.#attempt.meter
  }
}
