import type { Ports } from '../../../harness/index.ts'

/** Whose time a subject is written for. */
export type Timers = 'global' | 'ports'

/** A subject that is right: no fault program may raise an alarm on it, whatever its timers are. */
export interface SilentSubject {
  readonly name: string
  readonly timers: Timers
  /**
   * How faults reach it: `fn` at the function `work` that it calls (default), `fetch` at the requests that it makes with
   * `ports.fetch`, `nock` at those that it makes with a client of its own.
   */
  readonly boundary?: 'fn' | 'fetch' | 'nock'
  /** The only requests that it makes, for those whose faults are HTTP's: `GET /whole`. */
  readonly request?: string
  /** It listens to `ports.signal`, so its caller may leave. */
  readonly abortable?: boolean
  /** Its point is a function that gives no promise, so that nothing can make it wait. */
  readonly synchronous?: boolean
  readonly run: (input: unknown, ports: Ports) => unknown
}

/** What a subject of a library is written with: the same text serves both modes. */
export interface Surroundings {
  readonly ports: Ports
  /** So many milliseconds of virtual time, or, where the library sleeps in real time, a part of them. */
  readonly ms: (virtual: number) => number
  /** Waits, in virtual time in both modes, until the caller leaves. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** What a library's sleeps are divided by where they are real, so that the proof ends. */
const REAL_PART = 50

/** The same subject in both modes. */
export function inBothModes(
  subject: Omit<SilentSubject, 'timers' | 'run'>,
  run: (surroundings: Surroundings) => unknown,
): SilentSubject[] {
  return [
    {
      ...subject,
      timers: 'global',
      run: (_input, ports) => run({ ports, ms: (virtual) => virtual, sleep: sleepGlobally }),
    },
    {
      ...subject,
      timers: 'ports',
      run: (_input, ports) =>
        run({ ports, ms: (virtual) => Math.ceil(virtual / REAL_PART), sleep: ports.clock.sleep }),
    },
  ]
}

/** Tries three times while its caller waits, each attempt in a second at most. */
export async function whileWanted<T>(
  { ports: { signal }, sleep }: Pick<Surroundings, 'ports' | 'sleep'>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T | 'gave up'> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    signal.throwIfAborted()
    try {
      return await inTime(call, signal, (ended) => sleep(1_000, ended))
    } catch (error) {
      if (signal.aborted) throw error
      if (attempt < 3) await sleep(100 * attempt, signal)
    }
  }
  return 'gave up'
}

/** Whichever comes first: the answer, a second, the caller's leaving. What lost is told so. */
async function inTime<T>(
  call: (signal: AbortSignal) => Promise<T>,
  wanted: AbortSignal,
  limit: (ended: AbortSignal) => Promise<void>,
): Promise<T> {
  const over = new AbortController()
  const signal = AbortSignal.any([wanted, over.signal])
  try {
    const called = call(signal)
    called.catch(() => {})
    const late = limit(signal).then(() => {
      throw new Error('too late')
    })
    late.catch(() => {})
    return await Promise.race([called, late])
  } finally {
    over.abort()
  }
}

/** Tries three times, 100 and 200 ms apart, at most a second each: what most correct callers do. */
export async function retrying<T>(
  call: () => T | Promise<T>,
  sleep: (ms: number) => Promise<unknown>,
  jitter: () => number = () => 0,
): Promise<T | string> {
  for (let attempt = 1; attempt <= 3; attempt++) {
    try {
      return await within(call, sleep)
    } catch {
      if (attempt < 3) await sleep(100 * attempt + Math.round(50 * jitter()))
    }
  }
  return 'gave up'
}

async function within<T>(call: () => T | Promise<T>, sleep: (ms: number) => Promise<unknown>): Promise<T> {
  const late = sleep(1_000).then(() => {
    throw new Error('too late')
  })
  // Whichever loses is of no interest any more.
  late.catch(() => {})
  const called = Promise.resolve().then(call)
  called.catch(() => {})
  return Promise.race([called, late])
}

/** Sleeps with the global timer. */
export function sleepGlobally(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave)
      resolve()
    }, ms)
    if (signal?.aborted === true) leave()
    else signal?.addEventListener('abort', leave, { once: true })
  })
}

/** What a caller says who handles every failure. */
export async function orGaveUp<T>(work: Promise<T>): Promise<T | 'gave up'> {
  try {
    return await work
  } catch {
    return 'gave up'
  }
}
