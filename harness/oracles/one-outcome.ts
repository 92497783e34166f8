import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 2: every token of a run that ended has exactly one terminal outcome. */
export const oneOutcome: Oracle = {
  number: 2,
  name: 'one-outcome',
  judges: 'engine',
  check({ records, end }) {
    if (end.kind !== 'settled') return []
    const outcomes = new Map<string, string[]>()
    for (const record of records) {
      const token = 'tokenId' in record ? `${record.runId} ${record.tokenId}` : ''
      if (record.kind === 'token') outcomes.set(token, [])
      if (record.kind === 'outcome') outcomes.set(token, [...(outcomes.get(token) ?? []), record.outcome])
    }
    return [...outcomes]
      .filter(([, fates]) => fates.length !== 1)
      .map(([token, fates]) =>
        violation(
          oneOutcome,
          `Expected token ${token} to have exactly one terminal outcome, got ${fates.length === 0 ? 'none' : fates.join(' and ')}.`,
          {
            expected: 1,
            actual: fates.length,
          },
        ),
      )
  },
}
