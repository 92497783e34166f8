import timersPromises from 'node:timers/promises'
import { type Fake, fakeOf } from './fake.ts'
import { runningFor } from './running.ts'
import { VirtualTimeout } from './virtual-timeout.ts'
import type { VirtualTimers } from './virtual-timers.ts'

/** What `setTimeout`, `setInterval` and `scheduler.wait` of `timers/promises` take as options. */
interface WaitOptions {
  readonly ref?: boolean
  readonly signal?: AbortSignal
}

type Sleep = (delay?: number, value?: unknown, options?: WaitOptions) => Promise<unknown>
type Intervals = (delay?: number, value?: unknown, options?: WaitOptions) => AsyncIterable<unknown>
type Wait = (delay: number, options?: WaitOptions) => Promise<unknown>
type TimeoutSignal = (delay: number) => AbortSignal

/** Longest delay that `AbortSignal.timeout` takes, in milliseconds. */
const SIGNAL_MS_MAX = 0xffff_ffff
/** Node's own words for what aborts by time. */
const TIMED_OUT = 'The operation was aborted due to timeout'

/** The timers that settle a promise, yield, or abort. What Node refuses is refused by Node, in its words. */
export const PROMISE_TIMER_FAKES: readonly Fake[] = [
  fakeOf<Sleep>([[timersPromises, 'setTimeout']], (outside) => (delay, value, options) => {
    const scenario = runningFor()
    if (scenario === undefined || !isTaken(delay, options)) return outside()(delay, value, options)
    return sleep(scenario.timers, delay, value, options)
  }),
  fakeOf<Intervals>([[timersPromises, 'setInterval']], (outside) => (delay, value, options) => {
    const scenario = runningFor()
    if (scenario === undefined || !isTaken(delay, options)) return outside()(delay, value, options)
    return intervals(scenario.timers, delay, value, options)
  }),
  fakeOf<Wait>([[timersPromises.scheduler, 'wait']], (outside) => (delay, options) => {
    const scenario = runningFor()
    if (scenario === undefined || !isTaken(delay, options))
      return Reflect.apply(outside(), timersPromises.scheduler, [delay, options])
    return sleep(scenario.timers, delay, undefined, options)
  }),
  fakeOf<TimeoutSignal>([[AbortSignal, 'timeout']], (outside) => (delay) => {
    const scenario = runningFor()
    if (scenario === undefined || !isSignalDelay(delay)) return Reflect.apply(outside(), AbortSignal, [delay])
    return timeoutSignal(scenario.timers, delay)
  }),
]

/** `AbortSignal.timeout` in the time of these timers. @throws RangeError, Node's own, for a delay that it refuses */
export function timeoutSignal(timers: VirtualTimers, delay: number): AbortSignal {
  if (!isSignalDelay(delay)) return AbortSignal.timeout(delay)
  const controller = new AbortController()
  const abort = (): void => controller.abort(new DOMException(TIMED_OUT, 'TimeoutError'))
  new VirtualTimeout(timers, { call: abort, args: [] }, delay, false).unref()
  return controller.signal
}

function sleep(
  timers: VirtualTimers,
  delay: number | undefined,
  value: unknown,
  { ref = true, signal }: WaitOptions = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const wake = (): void => {
      signal?.removeEventListener('abort', leave)
      resolve(value)
    }
    const timer = new VirtualTimeout(timers, { call: wake, args: [] }, delay, false)
    const leave = (): void => {
      timer.close()
      reject(abortError(signal))
    }
    if (!ref) timer.unref()
    signal?.addEventListener('abort', leave, { once: true })
  })
}

/** Beats that nobody has taken yet are kept, as in Node. */
async function* intervals(
  timers: VirtualTimers,
  delay: number | undefined,
  value: unknown,
  { ref = true, signal }: WaitOptions = {},
): AsyncGenerator {
  let beats = 0
  let next = Promise.withResolvers<void>()
  const beat = (): void => {
    beats++
    next.resolve()
  }
  const timer = new VirtualTimeout(timers, { call: beat, args: [] }, delay, true)
  if (!ref) timer.unref()
  const leave = (): void => {
    timer.close()
    next.resolve()
  }
  signal?.addEventListener('abort', leave, { once: true })
  try {
    for (;;) {
      if (signal?.aborted === true) throw abortError(signal)
      if (beats === 0) await next.promise
      next = Promise.withResolvers<void>()
      for (; beats > 0; beats--) yield value
    }
  } finally {
    timer.close()
    signal?.removeEventListener('abort', leave)
  }
}

/** What a wait rejects with when its signal aborts; the reason is the cause. */
function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason })
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' })
}

/** Whether Node would begin the wait: not if the signal has aborted. */
function isTaken(delay: unknown, options: unknown): boolean {
  if (delay !== undefined && typeof delay !== 'number') return false
  if (options === undefined) return true
  if (typeof options !== 'object' || options === null) return false
  const { ref, signal } = options as { ref?: unknown; signal?: unknown }
  if (ref !== undefined && typeof ref !== 'boolean') return false
  return signal === undefined || (signal instanceof AbortSignal && !signal.aborted)
}

/** What `AbortSignal.timeout` takes: a whole number of 32 bits. */
function isSignalDelay(delay: unknown): boolean {
  return Number.isInteger(delay) && Number(delay) >= 0 && Number(delay) <= SIGNAL_MS_MAX
}
