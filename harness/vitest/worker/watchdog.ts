import type { TestContext } from 'vitest'

/**
 * Share of a test's timeout after which the scenario's own watchdog speaks: it can name what is pending, Vitest cannot.
 */
const WATCHDOG_SHARE = 0.8

/** What most real work needs at most, in milliseconds; what a scenario says itself (`limits.realMs`) may be more. */
const WATCHDOG_MS_MAX = 10_000

/**
 * How long the scenario of a test may wait for real work, in real milliseconds. A test without a timeout has 0 or
 * Infinity.
 */
export function watchdogMs({ task: { timeout } }: TestContext): number {
  return timeout > 0 ? Math.min(WATCHDOG_MS_MAX, timeout * WATCHDOG_SHARE) : WATCHDOG_MS_MAX
}
