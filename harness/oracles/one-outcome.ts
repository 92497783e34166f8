import type { Problem } from '../scenario/verdict.ts'
import { wrongJoinFates } from './join-fates.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/**
 * 2: every token of a run that ended has exactly one terminal outcome; a paused run owes its tokens none yet. A join
 * decides on the tokens that came to it, and on no others.
 */
export const oneOutcome: Oracle = {
  number: 2,
  name: 'one-outcome',
  judges: 'engine',
  check({ records, end, result }) {
    if (end.kind !== 'settled') return []
    const problems: Problem[] = []
    const fates = new Map<string, string[]>()
    for (const record of records) {
      if (record.kind === 'token' && !fates.has(record.tokenId)) fates.set(record.tokenId, [])
      if (record.kind !== 'outcome') continue
      const known = fates.get(record.tokenId)
      if (known === undefined) fates.set(record.tokenId, [record.outcome])
      else known.push(record.outcome)
    }
    for (const [token, outcomes] of fates) {
      if (outcomes.length === 1 || (outcomes.length === 0 && result?.status === 'paused')) continue
      problems.push(
        violation(
          oneOutcome,
          `Expected token ${token} to have exactly one terminal outcome, got ${outcomes.length === 0 ? 'none' : outcomes.join(' and ')}.`,
          { expected: 1, actual: outcomes.length },
        ),
      )
    }
    for (const message of wrongJoinFates(records)) problems.push(violation(oneOutcome, message))
    return problems
  },
}
