import { describeThrown } from '../base/serialize-error.ts'
import type { World } from '../world/world.ts'
import type { AnyAdapter } from './adapter.ts'

/** @example const careful: Partial<HealthOptions> = { timeoutMs: 500, ttlMs: 10_000 } */
export interface HealthOptions {
  /** Milliseconds one check may take; then the adapter is unhealthy. Default 1 000. */
  readonly timeoutMs: number
  /** Milliseconds the answer holds, from when it came. Default 30 000. */
  readonly ttlMs: number
}

export const DEFAULT_HEALTH: HealthOptions = Object.freeze({ timeoutMs: 1_000, ttlMs: 30_000 })

/** What has to be done before an adapter is asked anything; `undefined` when that is nothing. */
type Ready = (adapter: AnyAdapter) => Promise<void> | undefined

/** What is known of an adapter's health. */
type Known =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking'; readonly answer: Promise<string | undefined> }
  /** `illness` is why it is unhealthy; `undefined` for a healthy one. */
  | { readonly kind: 'known'; readonly illness: string | undefined; readonly untilMs: number }

/**
 * The health of one adapter in one world. However many tasks ask at once, one check is made; a check that throws, or takes too
 * long, makes its adapter unhealthy and troubles nobody else.
 */
export class Health {
  #known: Known = { kind: 'nothing' }
  readonly #name: string
  readonly #adapter: AnyAdapter
  readonly #options: HealthOptions
  readonly #world: World

  /** @param name the adapter's in its one spelling */
  constructor(name: string, adapter: AnyAdapter, options: HealthOptions, world: World) {
    this.#name = name
    this.#adapter = adapter
    this.#options = options
    this.#world = world
  }

  /**
   * Why the adapter is unhealthy; `undefined` when it is well. A promise only where it has to be asked.
   */
  illness(ready: Ready): string | undefined | Promise<string | undefined> {
    const known = this.#known
    if (this.#adapter.health === undefined) return undefined
    switch (known.kind) {
      case 'asking':
        return known.answer
      case 'known':
        if (this.#world.clock.monotonicMs() < known.untilMs) return known.illness
        return this.#ask(ready)
      case 'nothing':
        return this.#ask(ready)
    }
  }

  #ask(ready: Ready): Promise<string | undefined> {
    const answer = this.#check(ready).then((illness) => {
      const untilMs = this.#world.clock.monotonicMs() + this.#options.ttlMs
      this.#known = { kind: 'known', illness, untilMs }
      return illness
    })
    this.#known = { kind: 'asking', answer }
    return answer
  }

  /** Never rejects. What comes after the time is up changes nothing. */
  #check(ready: Ready): Promise<string | undefined> {
    const { clock, boundary } = this.#world
    const { timeoutMs } = this.#options
    const point = `adapter:${this.#name} health`
    let controller: AbortController | undefined
    const signal = (): AbortSignal => (controller ??= new AbortController()).signal
    const call = {
      clock,
      get signal() {
        return signal()
      },
    }
    const real = async (): Promise<unknown> => {
      await ready(this.#adapter)
      return this.#adapter.health?.(call)
    }
    return new Promise((resolve) => {
      const timer = clock.after(timeoutMs, `timeout of ${point}`, () => {
        const illness = `its health check timed out after ${timeoutMs} ms`
        resolve(illness)
        ;(controller ??= new AbortController()).abort(new Error(illness))
      })
      const asked = new Promise<unknown>((settle) => {
        settle(
          boundary === undefined
            ? real()
            : boundary({ point, path: undefined, input: undefined, signal }, real),
        )
      })
      asked
        .then(
          (healthy) => (healthy === false ? 'its health check says that it is not' : undefined),
          (thrown: unknown) => `its health check failed: ${describeThrown(thrown)}`,
        )
        .then((illness) => {
          timer.cancel()
          resolve(illness)
        })
        .catch(() => {})
    })
  }
}
