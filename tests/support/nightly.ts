/** True in `npm run test:nightly`, where properties are tried on as many cases as a night has time for. */
export const nightly: boolean = process.env['NIGHTLY_SIZES'] === '1'

/**
 * How many cases, kills or runs a test makes.
 *
 * @example
 * await fc.assert(property, { numRuns: casesOf(2_000, 100_000) })
 */
export function casesOf(ordinary: number, atNight: number): number {
  return nightly ? atNight : ordinary
}
