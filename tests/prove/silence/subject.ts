import type { Ports } from 'shakedown/harness'

/** A subject that is right: no fault program may raise an alarm on it, whatever its timers are. */
export interface SilentSubject {
  readonly name: string
  /** Whose time it is written for. */
  readonly timers: 'global' | 'ports'
  /** Its point is a function that gives no promise, so that nothing can make it wait. */
  readonly synchronous?: boolean
  readonly run: (input: unknown, ports: Ports) => unknown
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
export const sleepGlobally = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
