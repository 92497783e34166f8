import type { Usage } from '../../src/index.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** Dollars are floating-point sums in different orders. */
const TOLERANCE = 1e-9

/** 21: usage totals are the sums over all attempts, failed ones included. */
export const usageAddsUp: Oracle = {
  number: 21,
  name: 'usage-adds-up',
  judges: 'engine',
  check({ records, result }) {
    if (result === undefined) return []
    let costUsd = 0
    let tokens = 0
    for (const record of records) {
      if (record.kind !== 'attempt') continue
      costUsd += record.usage.costUsd
      tokens += record.usage.tokens
    }
    const spent: Usage = { costUsd, tokens }
    if (close(result.usage.costUsd, costUsd) && close(result.usage.tokens, tokens)) return []
    return [
      violation(
        usageAddsUp,
        `Expected the run's usage to be the sum over its attempts, $${costUsd} and ${tokens} tokens; it says $${result.usage.costUsd} and ${result.usage.tokens}.`,
        { expected: spent, actual: result.usage },
      ),
    ]
  },
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b))
}
