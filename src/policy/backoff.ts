/**
 * How long to wait before another attempt.
 *
 * Exponential backoff with jitter as in Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015:
 * `none` waits the full delay, `full` a random part of it, `equal` at least half of it.
 *
 * @example
 * const backoff: Partial<Backoff> = { baseMs: 50, factor: 3, maxDelayMs: 5_000, jitter: 'equal' }
 * const patient = step('patient', sendOrder, { retries: 4, backoff })
 */
export interface Backoff {
  /** Delay before the second attempt, in milliseconds. Default 100. */
  readonly baseMs: number
  /** Each further delay is this much longer. Default 2. */
  readonly factor: number
  /**
   * No computed delay is longer, in milliseconds. What an error asks for itself, with `retryAfterMs` or `Retry-After`,
   * may be longer: it is waited for whole. Default 60 000.
   */
  readonly maxDelayMs: number
  /** Default `none`. */
  readonly jitter: 'none' | 'full' | 'equal'
}

export const DEFAULT_BACKOFF: Backoff = Object.freeze({
  baseMs: 100,
  factor: 2,
  maxDelayMs: 60_000,
  jitter: 'none',
})

/**
 * The delay in milliseconds after the `failed`-th attempt (from 1) failed: `baseMs × factor^(failed − 1)`, capped,
 * then jittered.
 */
export function backoffMs(backoff: Backoff, failed: number, random: () => number): number {
  const delay = Math.min(backoff.baseMs * backoff.factor ** (failed - 1), backoff.maxDelayMs)
  switch (backoff.jitter) {
    case 'none':
      return delay
    case 'full':
      return delay * random()
    case 'equal':
      return delay / 2 + (delay / 2) * random()
  }
}
