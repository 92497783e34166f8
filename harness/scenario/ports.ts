import type { Clock, World } from '../../src/index.ts'
import type { FaultPlan } from '../faults/plan.ts'
import type { SimWorld } from '../world/sim-world.ts'
import type { Boundaries } from './boundaries.ts'
import { fetchThrough } from './http-boundary.ts'

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
  /** A number in [0, 1) under the scenario's seed. */
  readonly random: () => number
  /** The simulated world, for an engine of your own: `createEngine({ world: ports.world })`. */
  readonly world: World
}

export interface PortOptions {
  /** The function waits for something outside this process. Default false. */
  readonly io?: boolean | undefined
}

export interface PortClock extends Pick<Clock, 'monotonicMs' | 'wallMs'> {
  /** Waits in virtual time. Rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The ports of one execution. */
export function makePorts(world: SimWorld, boundaries: Boundaries, plan: FaultPlan): Ports {
  return Object.freeze({
    fn:
      <A extends readonly unknown[], R>(name: string, real: (...args: A) => R, options: PortOptions = {}) =>
      (...args: A): R => {
        const call = { point: `fn:${name}`, path: undefined, input: args, signal: () => signalIn(args) }
        const run = (): R =>
          options.io === true ? pinnedCall(world, `fn:${name}`, () => real(...args)) : real(...args)
        return boundaries.cross(call, run) as R
      },
    fetch: (input: string | URL | Request, init?: RequestInit) =>
      fetchThrough(new Request(input, init), world, boundaries, plan),
    clock: Object.freeze({
      monotonicMs: world.clock.monotonicMs,
      wallMs: world.clock.wallMs,
      sleep: (ms: number, signal?: AbortSignal) => sleep(world, ms, signal),
    }),
    random: world.random,
    world,
  })
}

function pinnedCall<R>(world: SimWorld, point: string, run: () => R): R {
  const release = world.pins.hold(point)
  let returned: R
  try {
    returned = run()
  } catch (error) {
    release()
    throw error
  }
  const settled = Promise.resolve(returned)
  settled.then(release, release)
  return returned
}

function signalIn(args: readonly unknown[]): AbortSignal {
  const last = args.at(-1)
  const signal = typeof last === 'object' && last !== null ? (last as { signal?: unknown }).signal : undefined
  if (last instanceof AbortSignal) return last
  return signal instanceof AbortSignal ? signal : new AbortController().signal
}

function sleep(world: SimWorld, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error)
      return
    }
    const stop = (): void => {
      timer.cancel()
      reject(signal?.reason as Error)
    }
    const timer = world.clock.after(ms, 'ports.clock.sleep', () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}
