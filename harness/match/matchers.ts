import { matchPattern } from './match-pattern.ts'

/**
 * Text must equal, contain all of, or match.
 *
 * @example
 * const matchers: readonly TextMatcher[] = ['no stock', { contains: ['no', 'stock'] }, { matches: '^no' }]
 */
export type TextMatcher =
  | string
  | { readonly contains: string | readonly string[] }
  | { readonly matches: string }

/**
 * A number exactly, or a range with both ends included.
 *
 * @example
 * const matchers: readonly NumberMatcher[] = [3, { min: 1 }, { min: 1, max: 3 }]
 */
export type NumberMatcher = number | { readonly min?: number | undefined; readonly max?: number | undefined }

/** A pattern can also be given up on. */
export type Matched = boolean | 'timed-out'

export function textMatches(matcher: TextMatcher, actual: string): Matched {
  if (typeof matcher === 'string') return actual === matcher
  if ('matches' in matcher) return matchPattern(matcher.matches, actual)
  const parts = typeof matcher.contains === 'string' ? [matcher.contains] : matcher.contains
  return parts.every((part) => actual.includes(part))
}

/** Whether a text or number is what a mapping says of it; a mapping that is no matcher says nothing that could hold. */
export function leafMatches(written: object, actual: string | number): Matched {
  if (typeof actual === 'number') return isRange(written) && numberMatches(written, actual)
  return isTextMatcher(written) && textMatches(written, actual)
}

/** Whether something is a number or a range, and not a mapping of more. */
export function isNumberMatcher(written: NumberMatcher | object): written is NumberMatcher {
  return typeof written === 'number' || 'min' in written || 'max' in written
}

function isRange(written: object): written is Exclude<NumberMatcher, number> {
  const ends: readonly [string, unknown][] = Object.entries(written)
  return (
    ends.length > 0 && ends.every(([key, end]) => (key === 'min' || key === 'max') && typeof end === 'number')
  )
}

function isTextMatcher(written: object): written is Exclude<TextMatcher, string> {
  const entries: readonly [string, unknown][] = Object.entries(written)
  const [[key, value] = []] = entries
  if (entries.length !== 1) return false
  if (key === 'matches') return typeof value === 'string'
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return key === 'contains' && parts.length > 0 && parts.every((part) => typeof part === 'string')
}

export function numberMatches(matcher: NumberMatcher, actual: number): boolean {
  const min = typeof matcher === 'number' ? matcher : (matcher.min ?? -Infinity)
  const max = typeof matcher === 'number' ? matcher : (matcher.max ?? Infinity)
  const slack = ROUNDING * Math.max(1, Math.abs(actual))
  return actual >= min - slack && actual <= max + slack
}

/** Sums of dollars and delays are floating-point: 0.1 + 0.02 has to be 0.12. */
const ROUNDING = 1e-9
