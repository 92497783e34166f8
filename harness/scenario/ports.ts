import type { Clock, World } from '../../src/index.ts'

/**
 * What a foreign subject calls the outside through, so that a scenario can script it.
 *
 * @example
 * export async function sendWithFallback(order: Order, ports: Ports) {
 *   const save = ports.fn('save', database.save)
 *   const response = await ports.fetch('http://127.0.0.1:8080/orders', { method: 'POST' })
 *   await ports.clock.sleep(100)
 * }
 */
export interface Ports {
  /**
   * Wraps a function as the boundary point `fn:NAME`. A trailing argument with a `signal` is what aborts the call.
   * If it does real I/O, say so: time must not overtake it.
   */
  fn<A extends readonly unknown[], R>(
    name: string,
    real: (...args: A) => R,
    options?: PortOptions,
  ): (...args: A) => R
  /** `fetch` as the boundary points `http:METHOD /path`. Reaches the real network where no fault is scripted. */
  readonly fetch: typeof fetch
  readonly clock: PortClock
  /** Aborts when the caller leaves, which a scenario says with `abort`; give it to whatever waits. */
  readonly signal: AbortSignal
  /** A number in [0, 1) under the scenario's seed. */
  readonly random: () => number
  /** The simulated world, for an engine of your own: `createEngine({ world: ports.world })`. */
  readonly world: World
}

export interface PortOptions {
  /** The function waits for something outside this process. Default false. */
  readonly io?: boolean | undefined
}

/**
 * @example
 * const pause = (clock: PortClock): Promise<void> => clock.sleep(100)
 */
export interface PortClock extends Pick<Clock, 'monotonicMs' | 'wallMs'> {
  /** Waits in virtual time. Rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
