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
  /** What outlives a `crash`: give it what the subject has to find again. */
  readonly store: PortStore
  /** Says that this place was reached, for `expect: { marks: { probe: 1 } }`. */
  readonly mark: (name: string) => void
  /** A number in [0, 1) under the scenario's seed. */
  readonly random: () => number
  /** The simulated world, for an engine of your own: `createEngine({ world: ports.world })`. */
  readonly world: World
}

/**
 * What is kept by key, as a database or a file would: it is there again after a crash. To fail its calls, or crash at one,
 * wrap them: `ports.fn('keep', ports.store.set)`.
 *
 * @example
 * const remember = (store: PortStore): Promise<void> => store.set('outbox', ['order-7'])
 */
export interface PortStore {
  /** A copy of what was set last; `undefined` where nothing is. */
  readonly get: (key: string) => Promise<unknown>
  /** Keeps a copy. @throws CopyError for what cannot be copied, such as a function */
  readonly set: (key: string, value: unknown) => Promise<void>
  readonly delete: (key: string) => Promise<void>
}

export interface PortOptions {
  /** The function waits for something outside this process. Default false. */
  readonly io?: boolean | undefined
  /**
   * The function answers at once, without a promise: then `reject` throws, and faults that wait (`delay`, `hang`, `late`)
   * cannot act on it. Default: known from `async`, or from what an earlier call gave; otherwise a promise is assumed.
   */
  readonly sync?: boolean | undefined
}

/**
 * @example
 * const pause = (clock: PortClock): Promise<void> => clock.sleep(100)
 */
export interface PortClock extends Pick<Clock, 'monotonicMs' | 'wallMs'> {
  /** Waits in virtual time. Rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** The wall clock in milliseconds since the Unix epoch, as `Date.now` gives it. */
  now(): number
  /** Calls back once, `ms` virtual milliseconds from now. A timer that goes on for ever after its subject is a leftover, unless unref'd. */
  setTimeout<A extends readonly unknown[]>(
    callback: (...args: A) => void,
    ms?: number,
    ...args: A | []
  ): PortTimer
  /** Calls back every `ms` virtual milliseconds, 1 at least, until it is cleared. */
  setInterval<A extends readonly unknown[]>(
    callback: (...args: A) => void,
    ms?: number,
    ...args: A | []
  ): PortTimer
  /** Stops a timer of either kind; what is none is passed over, as by Node. */
  clearTimeout(timer: PortTimer | null | undefined): void
  /** The same. */
  clearInterval(timer: PortTimer | null | undefined): void
  /** `AbortSignal.timeout` in virtual time. @throws RangeError for what that refuses */
  timeoutSignal(ms: number): AbortSignal
}

/**
 * A timer of `ports.clock`, with what Node's timers have.
 *
 * @example
 * const heartbeat = (clock: PortClock, beat: () => void): PortTimer => clock.setInterval(beat, 1_000).unref()
 */
export interface PortTimer extends Disposable {
  /** The process waits for it: a subject that settles has to clear it. So is every new timer. */
  ref(): this
  /** It may outlive the subject. */
  unref(): this
  hasRef(): boolean
  /** Starts its wait over. */
  refresh(): this
}
