import { nearest, suggest } from '../../../src/base/nearest.ts'
import { listCalls, nameCall } from '../../oracles/list-calls.ts'
import { isNumberMatcher, type NumberMatcher, numberMatches } from '../../match/matchers.ts'
import type { CallsExpectation, Expectation } from '../../scenario/expectation.ts'
import type { ObservedCall } from '../../scenario/observation.ts'
import type { NamedPoint } from '../../scenario/points-of.ts'
import { type Check, checkNumber } from './check.ts'
import { checkHeaders, checkInputs } from './expect-inputs.ts'

/** Tells the calls that a point means. */
type Meant = NamedPoint['matches']

/**
 * Checks what is expected of the calls to each point.
 * @param requests how many callers asked for them
 */
export function checkCalls(
  check: Check,
  calls: NonNullable<Expectation['calls']>,
  made: readonly ObservedCall[],
  meantBy: (point: string) => Meant,
  requests: number,
): void {
  for (const [point, about] of Object.entries(calls)) {
    const at = ['calls', point]
    const meant = meantBy(point)
    if (isNumberMatcher(about)) checkNumber(check, at, about, made.filter(meant).length)
    else checkPoint(check, at, about, made, meant, requests)
  }
}

function checkPoint(
  check: Check,
  at: readonly string[],
  about: CallsExpectation,
  made: readonly ObservedCall[],
  meant: Meant,
  requests: number,
): void {
  const calls = made.filter(meant)
  const { count, ...others } = about
  checkNumber(check, [...at, 'count'], count, calls.length)
  if (calls.length === 0) {
    // Of no call at all everything would hold.
    const isMore = Object.values(others).some((other) => other !== undefined)
    const allowed = count !== undefined && numberMatches(count, 0)
    if (isMore && (count === undefined || allowed))
      check(at, others, [], false, neverCalled(at.at(-1) ?? '', made, allowed))
    return
  }
  checkPerRequest(check, at, about.perRequest, calls, requests)
  checkInputs(check, at, about.inputs, calls)
  checkHeaders(check, at, about.headers, calls)
  checkInFlight(check, at, about.inFlight, made, meant)
  checkWindow(check, at, about.window, calls)
  checkGaps(check, at, about.gapsMs, calls)
  if (about.aborted !== undefined) checkAborted(check, at, about.aborted, calls)
}

function neverCalled(point: string, made: readonly ObservedCall[], isAllowed: boolean): string {
  const reached = new Set(made.map((call) => call.point))
  const mend = isAllowed
    ? 'Say only `count` where it may not be called.'
    : 'Say `count: 0` if it must not be.'
  return `It was never called.${suggest(nearest(point, reached))} ${mend}`
}

function checkPerRequest(
  check: Check,
  at: readonly string[],
  expected: NumberMatcher | undefined,
  calls: readonly ObservedCall[],
  requests: number,
): void {
  if (expected === undefined) return
  const counts = countsOfCallers(calls, requests)
  const wrong = counts?.findIndex((count) => !numberMatches(expected, count)) ?? -1
  const all = `${calls.length} calls for ${requests} ${requests === 1 ? 'request' : 'requests'}`
  const detail = (): string => {
    if (wrong !== -1) return `Caller ${wrong + 1} made ${counts?.[wrong]} of ${all}.`
    return requests === 1
      ? `${all}.`
      : `${all}: the mean, since not every caller made one with its own ports.`
  }
  if (counts === undefined || wrong !== -1)
    checkNumber(check, [...at, 'perRequest'], expected, counts?.[wrong] ?? calls.length / requests, detail)
}

/**
 * How many calls each caller made. `undefined` where one of them made none with ports of its own: what it asked for may
 * have been done with those of another, such as by a client that the first caller made for all.
 */
function countsOfCallers(calls: readonly ObservedCall[], callers: number): readonly number[] | undefined {
  const counts = Array.from({ length: callers }, () => 0)
  for (const { caller } of calls) {
    if (caller === undefined) return undefined
    counts[caller] = (counts[caller] ?? 0) + 1
  }
  return counts.includes(0) ? undefined : counts
}

/** A call is under way from its beginning until it settles; those of one moment are told apart by their order. */
function checkInFlight(
  check: Check,
  at: readonly string[],
  expected: NumberMatcher | undefined,
  made: readonly ObservedCall[],
  meant: Meant,
): void {
  if (expected === undefined) return
  // How many of them settle before the call of an index is made.
  const settledBy = new Map<number, number>()
  let under = 0
  let mostUnder = 0
  let mostAt = 0
  for (const [index, call] of made.entries()) {
    under -= settledBy.get(index) ?? 0
    if (!meant(call)) continue
    under++
    // A call that never settles is put at 0, which the loop has already passed.
    const by = call.callsBeforeSettled
    settledBy.set(by, (settledBy.get(by) ?? 0) + 1)
    if (under > mostUnder) [mostUnder, mostAt] = [under, index]
  }
  const isOpen = ({ callsBeforeSettled: by }: ObservedCall): boolean => by === 0 || by > mostAt
  const most = made.slice(0, mostAt + 1).filter((call) => meant(call) && isOpen(call))
  checkNumber(
    check,
    [...at, 'inFlight'],
    expected,
    most.length,
    () => `Under way at once: ${listCalls(most)}.`,
  )
}

function checkWindow(
  check: Check,
  at: readonly string[],
  expected: CallsExpectation['window'],
  calls: readonly ObservedCall[],
): void {
  if (expected === undefined) return
  const { ms, max } = expected
  let most = calls.slice(0, 1)
  let end = 0
  for (const [begin, { atMs }] of calls.entries()) {
    while (end < calls.length && (calls[end]?.atMs ?? 0) - atMs < ms - ROUNDING) end++
    if (end - begin > most.length) most = calls.slice(begin, end)
  }
  check(
    [...at, 'window'],
    expected,
    most.length,
    most.length <= max,
    `These began within ${ms} ms: ${listCalls(most)}.`,
  )
}

/** Virtual times are sums of floating-point delays. */
const ROUNDING = 1e-6

function checkGaps(
  check: Check,
  at: readonly string[],
  expected: CallsExpectation['gapsMs'],
  calls: readonly ObservedCall[],
): void {
  if (expected === undefined) return
  const gaps = calls.slice(1).map(({ atMs }, index) => atMs - (calls[index]?.atMs ?? 0))
  const matchers = isList(expected) ? expected : gaps.map(() => expected)
  const wrong = gaps.findIndex((gap, index) => !numberMatches(matchers[index] ?? gap, gap))
  const place = [...at, 'gapsMs']
  if (wrong !== -1) check(place, expected, gaps, false, gapAt(wrong, gaps, calls))
  // Of one call there is no gap that anything could be said of, unless it is that there is none.
  else if (isList(expected)) check(place, expected, gaps, gaps.length === expected.length)
  else check(place, expected, gaps, gaps.length > 0, 'It was called once, so there is no gap.')
}

function gapAt(index: number, gaps: readonly number[], calls: readonly ObservedCall[]): string {
  const [one, next] = calls.slice(index, index + 2).map(nameCall)
  return `${gaps[index]} ms passed between ${one} and ${next}.`
}

function isList(expected: NumberMatcher | readonly NumberMatcher[]): expected is readonly NumberMatcher[] {
  return Array.isArray(expected)
}

function checkAborted(
  check: Check,
  at: readonly string[],
  expected: NumberMatcher,
  calls: readonly ObservedCall[],
): void {
  const aborted = calls.filter(
    (call) => call.aborted || (call.settled === 'open' && call.signal?.aborted === true),
  )
  checkNumber(check, [...at, 'aborted'], expected, aborted.length, () =>
    aborted.length === 0 ? undefined : `Aborted: ${listCalls(aborted)}.`,
  )
}
