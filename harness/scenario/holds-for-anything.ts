import { isNumberMatcher, type NumberMatcher } from '../match/matchers.ts'
import { LIMITS } from '../world/limits.ts'
import type { CallsExpectation, Expectation } from './expectation.ts'
import type { ScenarioLimits } from './spec.ts'

/** An expectation that every run meets. It proves nothing, and reads as if it did. */
export interface Tautology {
  /** Where it is in the expectation. */
  readonly path: readonly string[]
  /** What it would have to be, to complete `Expected …`. */
  readonly expected: string
}

/** Numbers as they can come out. */
interface Possible {
  readonly least: number
  readonly most: number
  /** What ends above it. */
  readonly ends?: string | undefined
}

/** Above it, whole numbers cannot be told apart; nothing is counted that far. */
const ANY: Possible = { least: 0, most: Number.MAX_SAFE_INTEGER }

/**
 * Numbers that are expected to be anything they can be: `{ min: 0 }`, or a `max` at or above the limit where the scenario
 * is given up.
 */
export function holdsForAnything(
  { attempts = {}, calls = {}, marks = {}, usage = {}, virtualMs }: Expectation,
  limits: ScenarioLimits = {},
): readonly Tautology[] {
  const callsMax: Possible = { least: 0, most: limits.calls ?? LIMITS.calls, ends: 'calls' }
  const time: Possible = { least: 0, most: limits.virtualMs ?? LIMITS.virtualMs, ends: 'virtualMs' }
  return [
    ...Object.entries(attempts).flatMap(([name, matcher]) =>
      anyNumber(['attempts', name], matcher, callsMax),
    ),
    ...Object.entries(calls).flatMap(([point, about]) =>
      isNumberMatcher(about)
        ? anyNumber(['calls', point], about, callsMax)
        : anyCalls(['calls', point], about, callsMax, time),
    ),
    ...Object.entries(marks).flatMap(([name, matcher]) => anyNumber(['marks', name], matcher, ANY)),
    ...anyNumber(['usage', 'costUsd'], usage.costUsd, ANY),
    ...anyNumber(['usage', 'tokens'], usage.tokens, ANY),
    ...anyNumber(['virtualMs'], virtualMs, time),
  ]
}

function anyCalls(
  path: readonly string[],
  { count, perRequest, inFlight, aborted, window, gapsMs }: CallsExpectation,
  callsMax: Possible,
  time: Possible,
): readonly Tautology[] {
  const most = typeof count === 'number' ? count : count?.max
  // Of so many calls, no more can be under way, begin in a window or be aborted.
  const ofThem = most === undefined ? callsMax : { least: 0, most, ends: undefined }
  return [
    ...anyNumber([...path, 'count'], count, callsMax),
    ...anyNumber([...path, 'perRequest'], perRequest, ofThem),
    ...anyNumber([...path, 'inFlight'], inFlight, { ...ofThem, least: 1 }),
    ...anyNumber([...path, 'aborted'], aborted, ofThem),
    ...(window === undefined ? [] : anyNumber([...path, 'window', 'max'], { max: window.max }, ofThem)),
    // In a list, a gap that may be any says that there is one.
    ...(Array.isArray(gapsMs) ? [] : anyNumber([...path, 'gapsMs'], gapsMs as NumberMatcher, time)),
  ]
}

function anyNumber(
  path: readonly string[],
  matcher: NumberMatcher | undefined,
  { least, most, ends }: Possible,
): readonly Tautology[] {
  if (matcher === undefined || typeof matcher === 'number') return []
  const { min = 0, max = Infinity } = matcher
  if (min > least || max < most) return []
  const why =
    max === Infinity
      ? `nothing is below ${least}`
      : ends === undefined
        ? `nothing is above ${most}`
        : `a scenario is given up above ${most} (\`limits.${ends}\`)`
  return [
    {
      path,
      expected: `a number or a range that some run would not meet (\`${rangeText(matcher)}\` holds for every run: ${why})`,
    },
  ]
}

function rangeText(range: Exclude<NumberMatcher, number>): string {
  const ends = Object.entries(range).filter(([, value]) => value !== undefined)
  return `{ ${ends.map(([end, value]) => `${end}: ${value}`).join(', ')} }`
}
