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
  /** `fetch` as the boundary points `http:METHOD /path`. Where no fault acts it calls the `fetch` that the scenario finds: Node’s, or what a test has put in its place. */
  readonly fetch: typeof fetch
  /**
   * Opens what pushes to the subject — a WebSocket, a queue, a feed — as one call of the boundary point `events:NAME`. What
   * arrives, and when, is scripted with `push`; where nothing is, `source` is opened.
   *
   * @example
   * const read = async (ports: Ports): Promise<void> => {
   *   for await (const message of ports.events('feed')) ports.mark(String(message))
   * }
   */
  readonly events: <T = unknown>(name: string, source?: () => EventSource<T>) => PortEvents<T>
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

/**
 * Something real that pushes: a list that comes piece by piece, a `WebSocket` or another `EventTarget`, or an emitter with
 * `on`. Its events are `open`, `message`, `error` and `close`.
 *
 * @example
 * const source = (): EventSource<string> => new EventTarget()
 */
export type EventSource<T> =
  | AsyncIterable<T>
  | (Pick<EventTarget, 'addEventListener'> & { close?: () => void })
  | { on(event: string, listener: (...args: never[]) => void): unknown; close?: () => void }

/**
 * A connection that pushes, in the three ways people read one: `for await`, `addEventListener` or `on…` as of a `WebSocket`, and
 * `on` as of an emitter. What comes before anybody reads is kept for who reads first.
 *
 * @example
 * const read = (events: PortEvents<string>): void => {
 *   events.on('message', (text) => console.log(text)).on('close', (code) => console.log(code))
 * }
 */
export interface PortEvents<T> extends EventTarget, AsyncIterable<T> {
  /** 0 connecting, 1 open, 2 closing, 3 closed, as of a `WebSocket`. */
  readonly readyState: number
  onopen: ((event: Event) => void) | null
  onmessage: ((event: Event & { readonly data: T }) => void) | null
  onerror: ((event: Event & { readonly error: unknown }) => void) | null
  onclose: ((event: CloseLike) => void) | null
  on(event: 'open', listener: () => void): this
  on(event: 'message', listener: (message: T) => void): this
  on(event: 'error', listener: (error: unknown) => void): this
  on(event: 'close', listener: (code: number) => void): this
  /** Closes it from this side: nothing comes any more but `close`. Default code 1000. */
  close(code?: number): void
}

/**
 * A close event as a `WebSocket` has it.
 *
 * @example
 * const wasDropped = ({ code, wasClean }: CloseLike): boolean => code === 1006 && !wasClean
 */
export interface CloseLike extends Event {
  readonly code: number
  readonly wasClean: boolean
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
