import type { Clock } from './world.ts'

/**
 * Waits `delayMs` of the clock's time. When the signal aborts first, or has aborted already, the timer is released and
 * the promise rejects with the signal's reason, as timers and `fetch` of the platform do.
 *
 * @param point what is waiting, for stall reports
 */
export function sleep(
  clock: Pick<Clock, 'after'>,
  delayMs: number,
  point: string,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error)
      return
    }
    const stop = (): void => {
      timer.cancel()
      reject(signal?.reason as Error)
    }
    const timer = clock.after(delayMs, point, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}
