/** One way of doing the same work. */
export interface Contender {
  readonly name: string
  /** Does the work `times` times. */
  readonly run: (times: number) => Promise<void>
}

export interface Row {
  readonly name: string
  /** Median over the rounds, microseconds per operation. */
  readonly medianUs: number
  /** Median over the rounds of this contender's time divided by the floor's in the same round. */
  readonly ratio: number
}

/**
 * Measures contenders interleaved: every round runs each of them once in a new order, so that a machine that speeds up
 * or slows down does so for all. The first contender is the floor the others are divided by.
 */
export async function measure(
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly times: number },
): Promise<Row[]> {
  const { rounds, times } = options
  const warmups = 5
  const samples = contenders.map(() => [] as number[])
  for (let round = -warmups; round < rounds; round++) {
    const order = contenders.map((_, index) => (index + round + warmups) % contenders.length)
    for (const index of order) {
      const startedMs = performance.now()
      await contenders[index]!.run(times)
      if (round >= 0) samples[index]!.push(((performance.now() - startedMs) * 1000) / times)
    }
  }
  const floor = samples[0]!
  return contenders.map(({ name }, index) => ({
    name,
    medianUs: median(samples[index]!),
    ratio: median(samples[index]!.map((us, round) => us / floor[round]!)),
  }))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Prints a table of one kind of work: what each contender took, its ratio to the floor, and the target where there is one. */
export function printRows(
  title: string,
  rows: readonly Row[],
  targets: Readonly<Record<string, number>>,
): void {
  console.log(`\n${title}`)
  for (const { name, medianUs, ratio } of rows) {
    const target = targets[name]
    const verdict = target === undefined ? '' : `  target ≤ ${target}×: ${ratio <= target ? 'met' : 'MISSED'}`
    console.log(
      `  ${name.padEnd(34)} ${medianUs.toFixed(2).padStart(9)} µs  ${ratio.toFixed(2).padStart(6)}×${verdict}`,
    )
  }
}
