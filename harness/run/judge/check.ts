import type { NumberMatcher, TextMatcher } from '../../scenario/expectation.ts'
import type { Problem } from '../../scenario/verdict.ts'
import { MATCH_MS_MAX, matchPattern } from './match-pattern.ts'
import { shown } from './shown.ts'

/** A pattern can also be given up on. */
export type Matched = boolean | 'timed-out'

/** Takes what was expected at a place, what was got there, and whether they match. */
export type Check = (at: readonly string[], matcher: unknown, actual: unknown, matched: Matched) => void

export function checkText(
  check: Check,
  at: readonly string[],
  matcher: TextMatcher | undefined,
  actual: string | null,
): void {
  if (matcher === undefined) return
  check(at, matcher, actual, actual !== null && textMatches(matcher, actual))
}

function textMatches(matcher: TextMatcher, actual: string): Matched {
  if (typeof matcher === 'string') return actual === matcher
  if ('matches' in matcher) return matchPattern(matcher.matches, actual)
  const parts = typeof matcher.contains === 'string' ? [matcher.contains] : matcher.contains
  return parts.every((part) => actual.includes(part))
}

export function checkNumber(
  check: Check,
  at: readonly string[],
  matcher: NumberMatcher | undefined,
  actual: number,
): void {
  if (matcher === undefined) return
  const min = typeof matcher === 'number' ? matcher : (matcher.min ?? -Infinity)
  const max = typeof matcher === 'number' ? matcher : (matcher.max ?? Infinity)
  const slack = ROUNDING * Math.max(1, Math.abs(actual))
  check(at, matcher, actual, actual >= min - slack && actual <= max + slack)
}

/** Sums of dollars and delays are floating-point: 0.1 + 0.02 has to be 0.12. */
const ROUNDING = 1e-9

export function mismatch(at: readonly string[], expected: unknown, actual: unknown): Problem {
  return {
    code: 'E_EXPECT',
    message: `Expected ${at.join('.')} to be ${shown(expected)}, got ${shown(actual)}.`,
    at: ['expect', ...at],
    expected,
    actual,
  }
}

export function tooSlow(at: readonly string[], expected: unknown, actual: unknown): Problem {
  return {
    ...mismatch(at, expected, actual),
    message: `Expected the pattern of ${at.join('.')} to be matched within ${MATCH_MS_MAX} ms, got no answer from ${shown(expected)} for a text of ${String(actual).length} characters: ${shown(actual)}. Write it without a repetition inside a repetition, such as (a+)+, or use contains.`,
  }
}
