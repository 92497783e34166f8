/** Work whose size can be chosen. */
export interface Work {
  readonly name: string
  /** What the time is divided by, in the singular. */
  readonly unit: string
  /** Three sizes a factor apart, smallest first. */
  readonly sizes: readonly [number, number, number]
  /**
   * Makes ready for work of one size.
   * @returns does it once, `units` of it
   */
  readonly prepare: (size: number) => Promise<{ readonly units: number; readonly run: () => Promise<void> }>
}

/** What one kind of work took at its sizes. */
export interface Growth {
  readonly name: string
  readonly unit: string
  readonly sizes: readonly number[]
  /** Microseconds of processor time per unit, in the order of the sizes. */
  readonly unitUs: readonly number[]
  /** How much more a unit of a larger size costs than one of the smallest. */
  readonly ratio: number
}

/** A unit costs at most this many times as much in the largest size as in the smallest. */
export const RATIO_MAX = 1.3

const ROUNDS = 9
const WARM_UPS = 2
/**
 * A sample is at least this much processor time: shorter ones tell more of the clock and of garbage collection than of the
 * work. Not of the clock on the wall: on a busy machine little of it may be the work's.
 */
const SAMPLE_US_MIN = 120_000

/**
 * Measures work at its three sizes, interleaved: every round does each size for about the same time, so that a machine
 * that becomes slower does so for all. Counts processor time, which other processes take none of, and keeps each size's
 * best round.
 */
export async function growthOf({ name, unit, sizes, prepare }: Work): Promise<Growth> {
  const prepared = await Promise.all(sizes.map((size) => prepare(size)))
  const best = sizes.map(() => Infinity)
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    for (const [index, { units, run }] of prepared.entries()) {
      const unitUs = (await sampleUs(run)) / units
      if (round >= 0) best[index] = Math.min(best[index]!, unitUs)
    }
  }
  return { name, unit, sizes, unitUs: best, ratio: Math.max(...best.slice(1)) / best[0]! }
}

/** Microseconds of processor time that doing the work once takes. */
async function sampleUs(run: () => Promise<void>): Promise<number> {
  globalThis.gc?.()
  const started = process.cpuUsage()
  let times = 0
  for (;;) {
    await run()
    times++
    const { user, system } = process.cpuUsage(started)
    if (user + system >= SAMPLE_US_MIN) return (user + system) / times
  }
}

/** One line of the table that `npm run prove:scale` prints. */
export function growthLine({ name, unit, sizes, unitUs, ratio }: Growth): string {
  const cells = sizes.map((size, index) => `${unitUs[index]!.toFixed(2)} µs at ${size.toLocaleString('en')}`)
  const verdict = ratio <= RATIO_MAX ? 'ok' : 'MISSED'
  return `  ${name.padEnd(46)} ${cells.map((cell) => cell.padStart(21)).join('  ')}  ${ratio.toFixed(2).padStart(5)}×  ${verdict}  (per ${unit})`
}
