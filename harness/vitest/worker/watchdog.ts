import type { TestContext } from 'vitest'
import { TEST_REAL_MS_MAX, TEST_SHARE } from '../../world/limits.ts'

/**
 * How long the scenario of a test may wait for real work, in real milliseconds. A test without a timeout has 0 or
 * Infinity.
 */
export function watchdogMs({ task: { timeout } }: TestContext): number {
  return timeout > 0 ? Math.min(TEST_REAL_MS_MAX, timeout * TEST_SHARE) : TEST_REAL_MS_MAX
}
