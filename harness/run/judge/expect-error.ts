import type { SerializedError } from '../../../src/index.ts'
import { type Matched, type TextMatcher, textMatches } from '../../match/matchers.ts'
import type { ErrorExpectation, Expectation } from '../../scenario/expectation.ts'
import { type Check, checkText } from './check.ts'

const PARTS = ['name', 'message', 'code'] as const

/** Checks what is expected of the error that the subject failed with, and of those below it. */
export function checkError(
  check: Check,
  expected: NonNullable<Expectation['error']>,
  actual: SerializedError | null,
): void {
  for (const key of PARTS) checkText(check, ['error', key], expected[key], actual?.[key] ?? null)
  const { causes } = expected
  if (causes === undefined) return
  const below = actual === null ? [] : errorsBelow(actual)
  const shown = below.map(({ name, message, code }) =>
    code === undefined ? { name, message } : { name, message, code },
  )
  for (const [index, cause] of causes.entries())
    check(['error', 'causes', String(index)], cause, shown, anyMeets(below, cause))
}

/** Its causes and the errors it collects, theirs too. Bounded, because an error as data is. */
function errorsBelow({ cause, errors = [] }: SerializedError): readonly SerializedError[] {
  const next = cause === undefined ? errors : [cause, ...errors]
  return next.concat(next.flatMap(errorsBelow))
}

function anyMeets(errors: readonly SerializedError[], expected: ErrorExpectation): Matched {
  const matched = new Set(errors.map((error) => meets(error, expected)))
  return matched.has(true) || (matched.has('timed-out') && 'timed-out')
}

function meets(error: SerializedError, expected: ErrorExpectation): Matched {
  for (const key of PARTS) {
    const matcher: TextMatcher | undefined = expected[key]
    const actual = error[key]
    const matched = matcher === undefined || (actual !== undefined && textMatches(matcher, actual))
    if (matched !== true) return matched
  }
  return true
}
