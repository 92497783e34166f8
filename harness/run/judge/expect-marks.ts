import { nearest, suggest } from '../../../src/base/nearest.ts'
import type { Expectation } from '../../scenario/expectation.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'
import { type Check, checkNumber } from './check.ts'

type Marks = Observation['marks']

/** Checks how often each mark was reached. */
export function checkMarks(check: Check, expected: NonNullable<Expectation['marks']>, reached: Marks): void {
  for (const [name, matcher] of Object.entries(expected)) {
    const times = reached.get(name) ?? 0
    checkNumber(check, ['marks', name], matcher, times, () =>
      times === 0 ? neverReached(name, reached) : undefined,
    )
  }
}

/** What to say of a mark that was never reached: which it may have meant, and which there were. */
export function neverReached(name: string, reached: Marks): string {
  const known = [...reached].slice(0, LISTED_MAX).map(([mark, times]) => `${mark} (${times}×)`)
  const listed = known.length === 0 ? 'No mark was reached' : `Reached: ${known.join(', ')}`
  return `${listed}.${suggest(nearest(name, reached.keys()))}`
}

/** Marks shown of a subject that has many. */
const LISTED_MAX = 10

const NO_REMARKS: readonly Remark[] = []

/** Marks that are expected 0 times, when one is near that was reached: it may be the one that was meant. */
export function misspeltMarks({ scenario, marks }: Observation): readonly Remark[] {
  if (marks.size === 0) return NO_REMARKS
  const expected = Object.keys(scenario.spec.expect.marks ?? {})
  return expected.flatMap((name) => {
    const meant = marks.has(name) ? undefined : nearest(name, marks.keys())
    if (meant === undefined || expected.includes(meant)) return []
    const message = `The scenario counts the mark \`${name}\`, which was never reached. Did you mean \`${meant}\`?`
    return [{ code: 'E_UNKNOWN_MARK', message, at: ['expect', 'marks', name] }]
  })
}
