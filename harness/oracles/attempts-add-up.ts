import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/** 6: attempts = successes + failures: every result counts exactly the attempts on record, numbered without a gap. */
export const attemptsAddUp: Oracle = {
  number: 6,
  name: 'attempts-add-up',
  judges: 'engine',
  check({ records, result }) {
    const made = new Map<string, number>()
    let total = 0
    const problems = []
    for (const record of records) {
      if (record.kind === 'attempt') {
        const count = (made.get(record.path) ?? 0) + 1
        made.set(record.path, count)
        total++
        if (record.attempt !== count) {
          problems.push(
            violation(
              attemptsAddUp,
              `Expected attempt ${count} of ${record.path} to be recorded next, got attempt ${record.attempt}.`,
            ),
          )
        }
      }
      if (
        record.kind === 'step' &&
        record.node === 'step' &&
        record.attempts !== (made.get(record.path) ?? 0)
      ) {
        const recorded = made.get(record.path) ?? 0
        problems.push(
          violation(
            attemptsAddUp,
            `Expected ${record.path} to count the ${recorded} attempts on record, it says ${record.attempts}.`,
            {
              expected: recorded,
              actual: record.attempts,
            },
          ),
        )
      }
    }
    if (result !== undefined && result.attempts !== total) {
      problems.push(
        violation(
          attemptsAddUp,
          `Expected the run to count the ${total} attempts on record, it says ${result.attempts}.`,
          {
            expected: total,
            actual: result.attempts,
          },
        ),
      )
    }
    return problems
  },
}
