import fc from 'fast-check'
import { createQuota, QuotaExceededError, type QuotaEstimate, type QuotaLimits } from 'shakedown'
import { expect, test } from 'vitest'
import { type Reservation, RunQuota } from '../../../src/policy/run-quota.ts'
import { casesOf } from '../../support/nightly.ts'

const amount = fc.oneof(fc.constantFrom(0, 0.05, 0.1, 1 / 3, 1), fc.double({ min: 0, max: 3, noNaN: true }))
const estimates = fc.record({ costUsd: amount, tokens: fc.nat(200) }, { requiredKeys: [] })
const limits: fc.Arbitrary<QuotaLimits> = fc.oneof(
  fc.record({ costUsd: amount }),
  fc.record({ tokens: fc.nat(500) }),
  fc.record({ costUsd: amount, tokens: fc.nat(500) }),
)
type Field = 'costUsd' | 'tokens'
const FIELDS: readonly Field[] = ['costUsd', 'tokens']

type Event =
  | { kind: 'reserve'; held: QuotaEstimate; by: number }
  | { kind: 'settle'; nth: number; actual: { costUsd: number; tokens: number } }

/** What happens next: somebody reserves, or the n-th of those that hold something is done. */
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), held: estimates, by: fc.nat(2) }),
  fc.record({
    kind: fc.constant('settle' as const),
    nth: fc.nat(5),
    actual: fc.record({ costUsd: amount, tokens: fc.nat(200) }),
  }),
)

/** As the limit is meant: a part in a thousand million more is rounding. */
const within = (sum: number, limit: number | undefined): boolean =>
  limit === undefined || sum <= limit * (1 + 1e-9)

test(
  'whatever the interleaving, what is reserved is never negative and never lost, and what is spent is the sum of what was',
  { timeout: 300_000 },
  () => {
    fc.assert(
      fc.property(limits, limits, fc.array(event, { maxLength: 40 }), (shared, own, events) => {
        expect(wrongWith(shared, own, events)).toEqual([])
      }),
      { numRuns: casesOf(2_000, 100_000) },
    )
  },
)

/** Plays the events on a pool that three runs share, one of which has limits of its own, beside a list of what is held. */
function wrongWith(shared: QuotaLimits, own: QuotaLimits, events: readonly Event[]): string[] {
  const pool = createQuota(shared)
  const runs = [RunQuota.of(pool)!, RunQuota.of(pool, own)!, RunQuota.of(pool)!]
  const open: { reservation: Reservation; held: QuotaEstimate }[] = []
  const spent = { costUsd: 0, tokens: 0 }
  const wrong: string[] = []
  const holds = (what: string, yes: boolean): void => void (yes || wrong.push(what))
  for (const next of events) {
    if (next.kind === 'reserve') {
      const reservation = runs[next.by]!.reserve(next.held)
      const sumWith = (field: Field): number =>
        [next, ...open].reduce((all, { held }) => all + (held[field] ?? 0), spent[field])
      const fits = FIELDS.every((field) => within(sumWith(field), shared[field]))
      if (reservation instanceof QuotaExceededError) holds('it fits and was denied', next.by === 1 || !fits)
      else holds('it does not fit and was given', fits)
      if (!(reservation instanceof QuotaExceededError)) open.push({ reservation, held: next.held })
    } else {
      const [done] = open.splice(next.nth, 1)
      done?.reservation.settle(next.actual)
      if (done !== undefined) for (const field of FIELDS) spent[field] += next.actual[field]
    }
    for (const field of FIELDS) {
      const sum = open.reduce((all, one) => all + (one.held[field] ?? 0), 0)
      holds('reserved is negative', pool.reserved[field] >= 0)
      holds('reserved is not what is held', Math.abs(pool.reserved[field] - sum) < 1e-9)
      holds('spent is not the sum', Math.abs(pool.spent[field] - spent[field]) < 1e-9)
      holds('remaining is negative', pool.remaining[field] >= 0)
    }
  }
  for (const { reservation } of open) reservation.settle({ costUsd: 0, tokens: 0 })
  for (const field of FIELDS) holds('something was lost', pool.reserved[field] === 0)
  return wrong
}

test('a run that is denied by its own limits takes nothing out of the pool it shares', () => {
  const pool = createQuota({ costUsd: 1 })
  const run = RunQuota.of(pool, { costUsd: 0.1 })!
  expect(run.reserve({ costUsd: 0.2 })).toMatchObject({ message: 'Cost limit of $0.1 exceeded' })
  expect(pool.reserved.costUsd).toBe(0)
})

test('the limits that are in the way are named, cost first', () => {
  const run = RunQuota.of({ tokens: 5 }, { costUsd: 0.15 })!
  expect(run.reserve({ tokens: 6, costUsd: 1 })).toMatchObject({
    message: 'Cost limit of $0.15 exceeded; Token limit of 5 exceeded',
    reason: 'quota_reservation_denied',
  })
})

test('three times 0.05 is 0.15, although the sum of the binary fractions is a little more', () => {
  expect(0.05 + 0.05 + 0.05).toBeGreaterThan(0.15)
  const run = RunQuota.of({ costUsd: 0.15 })!
  const all = [1, 2, 3].map(() => run.reserve({ costUsd: 0.05 }) as Reservation)
  expect(all.map((one) => one.settle({ costUsd: 0.05, tokens: 0 }))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(run.reserve({ costUsd: 0.000001 })).toBeInstanceOf(QuotaExceededError)
})

test('one that spent nothing is not to blame for what others have spent', () => {
  const pool = createQuota({ tokens: 10 })
  const [a, b] = [RunQuota.of(pool)!, RunQuota.of(pool)!]
  const [dear, free] = [a.reserve({}) as Reservation, b.reserve({}) as Reservation]
  expect(dear.settle({ costUsd: 0, tokens: 11 })).toMatchObject({ reason: 'quota_exceeded' })
  expect(free.settle({ costUsd: 1, tokens: 0 })).toBeUndefined()
  expect(pool).toMatchObject({
    spent: { tokens: 11, costUsd: 1 },
    remaining: { tokens: 0, costUsd: Infinity },
  })
})

test.each([
  [{}, 'expected `costUsd`, `tokens` or both'],
  [{ costUsd: -1 }, 'Expected `costUsd` of createQuota to be valid'],
  [{ costUsd: Number.NaN }, 'Expected `costUsd` of createQuota'],
  [{ tokens: Infinity }, 'Expected `tokens` of createQuota'],
  [{ costUSD: 1 }, 'Unknown option `costUSD` of createQuota. Did you mean `costUsd`?'],
] as const)('a pool of %j is refused', (wrong, message) => {
  expect(() => createQuota(wrong as QuotaLimits)).toThrow(message)
})
