import { MATCH_MS_MAX } from '../../match/match-pattern.ts'
import {
  type Matched,
  type NumberMatcher,
  numberMatches,
  type TextMatcher,
  textMatches,
} from '../../match/matchers.ts'
import type { Problem } from '../../scenario/verdict.ts'
import { shown } from './shown.ts'

/** Takes what was expected at a place, what was got there, whether they match, and where it went wrong, as a sentence. */
export type Check = (
  at: readonly string[],
  matcher: unknown,
  actual: unknown,
  matched: Matched,
  detail?: string,
) => void

export function checkText(
  check: Check,
  at: readonly string[],
  matcher: TextMatcher | undefined,
  actual: string | null,
): void {
  if (matcher === undefined) return
  check(at, matcher, actual, actual !== null && textMatches(matcher, actual))
}

export function checkNumber(
  check: Check,
  at: readonly string[],
  matcher: NumberMatcher | undefined,
  actual: number,
  detail?: () => string | undefined,
): void {
  if (matcher !== undefined) check(at, matcher, actual, numberMatches(matcher, actual), detail?.())
}

export function mismatch(
  at: readonly string[],
  expected: unknown,
  actual: unknown,
  detail?: string,
): Problem {
  const { what, ...values } = comparison(at, expected, actual)
  const message = `Expected ${what} to be ${values.expected}, got ${values.received}.`
  return {
    code: 'E_EXPECT',
    message: detail === undefined ? message : `${message} ${detail}`,
    at: ['expect', ...at],
    expected,
    actual,
  }
}

/** What was compared, as a message shows it. */
interface ShownComparison {
  readonly what: string
  readonly expected: string
  readonly received: string
}

function comparison(at: readonly string[], expected: unknown, actual: unknown): ShownComparison {
  return { what: at.join('.'), expected: shown(expected), received: shown(actual) }
}

/**
 * The parts of a problem that is a comparison, for readers that show them one below the other; `detail` is what its
 * message says besides. `undefined` for a problem of another kind.
 */
export function comparisonIn({
  message,
  at,
  ...values
}: Problem): (ShownComparison & { readonly detail: string }) | undefined {
  if (at[0] !== 'expect' || !('expected' in values)) return undefined
  const parts = comparison(at.slice(1), values.expected, values.actual)
  const sentence = `Expected ${parts.what} to be ${parts.expected}, got ${parts.received}.`
  return message.startsWith(sentence)
    ? { ...parts, detail: message.slice(sentence.length).trim() }
    : undefined
}

export function tooSlow(at: readonly string[], expected: unknown, actual: unknown): Problem {
  const text = typeof actual === 'string' ? `a text of ${actual.length} characters: ` : ''
  return {
    ...mismatch(at, expected, actual),
    message: `Expected the pattern of ${at.join('.')} to be matched within ${MATCH_MS_MAX} ms, got no answer from ${shown(expected)} for ${text}${shown(actual)}. Write it without a repetition inside a repetition, such as (a+)+, or use contains.`,
  }
}
