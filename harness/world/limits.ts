/**
 * Where a scenario is given up. Each is generous: correct code meets none of them.
 *
 * @example
 * const limits: Limits = { ...LIMITS, calls: 500 }
 */
export interface Limits {
  /** Most calls to boundary points. Default 100 000. */
  readonly calls: number
  /** Most jumps of virtual time, each to the next timer. Default 20 000: a heartbeat of 50 ms for 16 virtual minutes. */
  readonly jumps: number
  /** Longest virtual time in milliseconds, counted from the start of the scenario. Default ten years. */
  readonly virtualMs: number
  /**
   * Longest real time in milliseconds that real work may hold virtual time, counted from when it began to hold. Default
   * 4 000: in a test of your own it speaks before Vitest ends the test, after 5 s, and says only that it timed out. A
   * scenario that is a test by itself has four fifths of that test's timeout, at most 10 000.
   */
  readonly realMs: number
}

/**
 * The limits of a scenario that names none.
 *
 * @example
 * LIMITS.jumps === 20_000 // true
 */
export const LIMITS: Limits = Object.freeze({
  calls: 100_000,
  jumps: 20_000,
  virtualMs: 10 * 365 * 86_400_000,
  realMs: 4_000,
})

/** Share of a test's timeout after which its scenario is given up: that can name what is pending, Vitest cannot. */
export const TEST_SHARE = 4 / 5

/**
 * What most real work needs at most, in real milliseconds, however much time its test has; what a scenario says itself
 * (`limits.realMs`) may be more.
 */
export const TEST_REAL_MS_MAX = 10_000
