import type { Problem } from '../scenario/verdict.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 3: once a token has met its fate, nothing is attempted for it any more. */
export const noAttemptAfterOutcome: Oracle = {
  number: 3,
  name: 'no-attempt-after-outcome',
  judges: 'engine',
  check({ records }) {
    const over = new Map<string, string>()
    const problems: Problem[] = []
    for (const record of records) {
      if (record.kind === 'outcome') over.set(record.tokenId, record.outcome)
      if (record.kind !== 'attempt' || over.size === 0) continue
      const outcome = over.get(record.tokenId)
      if (outcome === undefined) continue
      problems.push(
        violation(
          noAttemptAfterOutcome,
          `Attempt ${record.attempt} of ${record.path} was made after its token had ended as ${outcome}.`,
        ),
      )
    }
    return problems
  },
}
