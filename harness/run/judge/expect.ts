import type { AuditRecord, SerializedError, Status, Usage } from '../../../src/index.ts'
import { fnPoint } from '../../faults/points/fn.ts'
import { pointNamed } from '../../faults/points/point.ts'
import type { Observation, ObservedCall } from '../../scenario/observation.ts'
import { equalsWritten } from '../../match/equal.ts'
import type { NumberMatcher } from '../../match/matchers.ts'
import type { Expectation } from '../../scenario/expectation.ts'
import { expectedPoint, type NamedPoint } from '../../scenario/points-of.ts'
import type { Problem } from '../../scenario/verdict.ts'
import { type Check, checkNumber, checkText, mismatch, tooSlow } from './check.ts'
import { checkCalls } from './expect-calls.ts'
import { checkError } from './expect-error.ts'
import { checkMarks } from './expect-marks.ts'
import { checkHolds, checkOutput } from './expect-output.ts'
import { notOfFunctions, unknownStep } from './known-names.ts'

/** What the observation gives, in the shape of the expectation that asks for it. */
export interface Observed {
  readonly status: Status
  readonly feedback: string | null
  readonly error: SerializedError | null
}

/** Every expectation that was not met. */
export function unmetExpectations(
  expected: Expectation,
  observation: Observation,
  observed: Observed,
): readonly Problem[] {
  const unmet: Problem[] = []
  const check: Check = (at, matcher, actual, matched, detail) => {
    if (matcher === undefined || matched === true) return
    unmet.push(matched === 'timed-out' ? tooSlow(at, matcher, actual) : mismatch(at, matcher, actual, detail))
  }
  // Nothing is looked up, counted or copied for a key that was left out: this runs after each of millions of scenarios.
  const { status, feedback, error, virtualMs, attempts, calls, order } = expected
  if (observation.plan === undefined) unmet.push(...notOfFunctions(observation))
  if (observed.status !== status) check(['status'], status, observed.status, false)
  if ('output' in expected || expected.outputMatches !== undefined) checkOutput(check, expected, observation)
  if (feedback === null) check(['feedback'], null, observed.feedback, observed.feedback === null)
  else if (feedback !== undefined) checkText(check, ['feedback'], feedback, observed.feedback)
  if (error !== undefined) checkError(check, error, observed.error)
  if (attempts !== undefined) {
    const known = knownIn(unmet, observation, 'attempts', attempts)
    checkNumbers(check, ['attempts'], known, attemptsByStep(observation))
  }
  const meantBy = (point: string): NamedPoint['matches'] => expectedPoint(expected, point).matches
  if (calls !== undefined)
    checkCalls(
      check,
      knownIn(unmet, observation, 'calls', calls),
      observation.calls,
      meantBy,
      Math.max(1, observation.callers.length),
    )
  if (expected.marks !== undefined) checkMarks(check, expected.marks, observation.marks)
  if (order !== undefined) checkOrder(check, order, observation.calls, meantBy)
  if (virtualMs !== undefined) checkNumber(check, ['virtualMs'], virtualMs, observation.virtualMs)
  if (observation.plan !== undefined) checkRun(check, expected, observation)
  return unmet
}

/** What only the run of a pipeline has. */
function checkRun(
  check: Check,
  { usage, context, metadata, children, audit }: Expectation,
  { result, records }: Observation,
): void {
  if (usage !== undefined) checkUsage(check, usage, result?.usage ?? NO_USAGE)
  if (context !== undefined) checkKeys(check, 'context', context, result?.context)
  if (metadata !== undefined) checkKeys(check, 'metadata', metadata, result?.metadata)
  if (children !== undefined) checkChildren(check, children, result?.children)
  if (audit !== undefined) checkAudit(check, audit, records)
}

const NO_USAGE: Usage = { costUsd: 0, tokens: 0 }

function checkUsage(check: Check, expected: NonNullable<Expectation['usage']>, actual: Usage): void {
  checkNumber(check, ['usage', 'costUsd'], expected.costUsd, actual.costUsd)
  checkNumber(check, ['usage', 'tokens'], expected.tokens, actual.tokens)
}

function checkChildren(
  check: Check,
  expected: NonNullable<Expectation['children']>,
  actual: Readonly<Record<string, unknown>> | undefined,
): void {
  for (const [name, part] of Object.entries(expected)) {
    checkHolds(check, ['children', name], part, actual?.[name])
  }
}

/** The counts that are of something there is; the others are problems, whatever is expected. */
function knownIn<About>(
  unmet: Problem[],
  observation: Observation,
  key: 'attempts' | 'calls',
  counts: Readonly<Record<string, About>>,
): Readonly<Record<string, About>> {
  const unknown = Object.keys(counts).flatMap((name) => unknownStep(observation, key, name) ?? [])
  if (unknown.length === 0) return counts
  unmet.push(...unknown)
  const wrong = new Set(unknown.map(({ at }) => at.at(-1)))
  return Object.fromEntries(Object.entries(counts).filter(([name]) => !wrong.has(name)))
}

function checkOrder(
  check: Check,
  order: readonly string[],
  made: readonly ObservedCall[],
  meantBy: (point: string) => NamedPoint['matches'],
): void {
  const asExpected =
    order.length === made.length && order.every((point, at) => made.slice(at, at + 1).some(meantBy(point)))
  check(
    ['order'],
    order,
    made.map(({ point }) => point),
    asExpected,
  )
}

function checkNumbers(
  check: Check,
  at: readonly string[],
  matchers: Readonly<Record<string, NumberMatcher | undefined>>,
  actual: ReadonlyMap<string, number>,
): void {
  for (const key in matchers) checkNumber(check, [...at, key], matchers[key], actual.get(key) ?? 0)
}

function checkKeys(
  check: Check,
  key: 'context' | 'metadata',
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>> | undefined,
): void {
  for (const [name, value] of Object.entries(expected)) {
    check([key, name], value, actual?.[name], equalsWritten(actual?.[name], value))
  }
}

function checkAudit(
  check: Check,
  expected: NonNullable<Expectation['audit']>,
  records: readonly AuditRecord[],
): void {
  const counts = {
    outcomes: countBy(records, (record) => (record.kind === 'outcome' ? record.outcome : undefined)),
    events: countBy(records, (record) => (record.kind === 'event' ? record.event : undefined)),
    attempts: countBy(records, (record) => (record.kind === 'attempt' ? record.status : undefined)),
  }
  for (const key of ['outcomes', 'events', 'attempts'] as const) {
    checkNumbers(check, ['audit', key], expected[key] ?? {}, counts[key])
  }
}

/** What the points of functions start with. */
const FN = pointNamed(fnPoint, '')

/** Attempts that ran by step name: what the audit trail says for our engine, calls of `fn:NAME` for foreign subjects. */
function attemptsByStep({ records, calls, plan }: Observation): ReadonlyMap<string, number> {
  return plan === undefined
    ? countBy(calls, ({ point }) => (point.startsWith(FN) ? point.slice(FN.length) : undefined))
    : countBy(records, (record) => (record.kind === 'attempt' ? record.step : undefined))
}

function countBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const key = keyOf(item)
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
