import type { TestContext } from 'vitest'
import { LIMITS } from '../../world/limits.ts'

/** Share of a test's timeout after which the scenario's own watchdog speaks: it can name what is pending, Vitest cannot. */
const WATCHDOG_SHARE = 0.8

/** How long the scenario of a test may wait for real work, in real milliseconds. A test without a timeout has 0 or Infinity. */
export function watchdogMs({ task: { timeout } }: TestContext): number {
  return timeout > 0 ? Math.min(LIMITS.realMs, timeout * WATCHDOG_SHARE) : LIMITS.realMs
}
