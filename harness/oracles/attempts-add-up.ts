import type { Problem } from '../scenario/verdict.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 6: attempts = successes + failures: every result counts exactly the attempts on record, numbered without a gap. */
export const attemptsAddUp: Oracle = {
  number: 6,
  name: 'attempts-add-up',
  judges: 'engine',
  check({ visits, result }) {
    const problems: Problem[] = []
    let total = 0
    for (const { path, attempts, end } of visits) {
      total += attempts.length
      for (let at = 0; at < attempts.length; at++) {
        const recorded = attempts[at]?.attempt
        if (recorded === at + 1) continue
        problems.push(
          violation(
            attemptsAddUp,
            `Expected attempt ${at + 1} of ${path} to be recorded next, got attempt ${recorded}.`,
          ),
        )
      }
      if (end !== undefined && end.attempts !== attempts.length)
        problems.push(miscounted(path, attempts.length, end.attempts))
    }
    // The run's total: a loop at its root counts iterations in `attempts`.
    if (result !== undefined && result.totals.attempts !== total)
      problems.push(miscounted('the run', total, result.totals.attempts))
    return problems
  },
}

function miscounted(who: string, recorded: number, counted: number): Problem {
  return violation(
    attemptsAddUp,
    `Expected ${who} to count the ${recorded} attempts on record, it says ${counted}.`,
    { expected: recorded, actual: counted },
  )
}
