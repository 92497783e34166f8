import { isSqliteError } from './sqlite.ts'

/** First wait for a lock: about as long as another process's group commit takes. Doubles from there. */
const BUSY_DELAY_MS_FIRST = 1
/** Longest single wait, so that a lock released after seconds is noticed soon. */
const BUSY_DELAY_MS_MAX = 50
/** Waiting for a lock this long in total before a commit is given up. */
export const BUSY_WAIT_MS_MAX = 5_000
/**
 * Opening and reading answer at once, so they can only wait by blocking the process. No writer holds the lock longer
 * than one commit or one migration, both far below a second; two are the most a process may be blocked.
 */
const BLOCKING_WAIT_MS_MAX = 2_000

/** The wait before retry `tries` (from 1), in milliseconds. */
export function busyDelayMs(tries: number): number {
  return Math.min(BUSY_DELAY_MS_FIRST * 2 ** (tries - 1), BUSY_DELAY_MS_MAX)
}

/** Another connection holds the lock; nothing was changed, and trying again later can succeed. */
export function isBusy(thrown: unknown): boolean {
  return isSqliteError(thrown) && /^SQLITE_(BUSY|LOCKED)/.test(thrown.code)
}

/** Calls `work` until the lock is free, blocking the process in between; gives up with SQLite's own error. */
export function blockingWhileBusy<T>(work: () => T): T {
  return blockingWhile(isBusy, work)
}

/** Calls `work` until it throws nothing that is worth waiting for, for two seconds at most. */
export function blockingWhile<T>(worthWaiting: (thrown: unknown) => boolean, work: () => T): T {
  let waitedMs = 0
  for (let tries = 1; ; tries++) {
    try {
      return work()
    } catch (thrown) {
      const delayMs = busyDelayMs(tries)
      if (!worthWaiting(thrown) || waitedMs + delayMs > BLOCKING_WAIT_MS_MAX) throw thrown
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs)
      waitedMs += delayMs
    }
  }
}
