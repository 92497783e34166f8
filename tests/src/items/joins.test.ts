import {
  all,
  bestEffort,
  join,
  type JoinPolicy,
  JoinInvariantError,
  pipeline,
  quorum,
  select,
  step,
} from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { errorHash } from '../../../src/base/error-hash.ts'
import { runInSim } from '../../support/in-sim.ts'
import { runAllInSim } from './all-in-sim.ts'

/** Part of an order: which one, which part, and how long it takes to come to the join. */
interface Part {
  readonly order: string
  readonly kind: string
  readonly ms?: number
}

const part = (order: string, kind: string, ms = 0): Part => ({ order, kind, ms })
const arrive = step('arrive', async (given: Part, ctx) => {
  await ctx.sleep(given.ms ?? 0)
  ctx.meter({ tokens: 1 + (given.ms ?? 0) })
  ctx.context.append('seen', given.kind)
  return given
})
const meet = (policy: JoinPolicy = all(), more: object = {}) =>
  join('meet', {
    key: (given: Part) => given.order,
    branch: (given) => given.kind,
    branches: ['bill', 'parcel', 'note'],
    policy,
    ...more,
  })
const ship = step('ship', (parts: object, { context }) => ({ shipped: parts, seen: context.get('seen') }))
const orders = (policy?: JoinPolicy, more?: object) => pipeline('orders', arrive, meet(policy, more), ship)
const byKind = { key: (given: Part) => `${given.order}-${given.kind}` }

test('items of one key go on as one, which came from all of them, and the others end there', async () => {
  const { result, joins, fates, audit } = await runAllInSim(
    orders(),
    [part('o1', 'note', 5), part('o1', 'parcel', 30), part('o1', 'bill', 10)],
    byKind,
  )
  expect(result).toMatchObject({
    status: 'completed',
    totals: { items: 3, completed: 1, coalesced: 2, failed: 0 },
    joins: [{ path: 'orders/meet', policy: 'all', merged: 1, failed: 0, reasons: {} }],
  })
  // The first as branches are declared goes on, with the contexts of all in that order.
  const [note, parcel, bill] = result.items
  expect(bill?.result).toMatchObject({
    status: 'completed',
    output: {
      shipped: {
        bill: part('o1', 'bill', 10),
        parcel: part('o1', 'parcel', 30),
        note: part('o1', 'note', 5),
      },
      seen: ['bill', 'parcel', 'note'],
    },
    latencyMs: 30,
  })
  expect(note?.result).toMatchObject({
    status: 'skipped',
    success: false,
    output: undefined,
    feedback: 'Token t2 went into token t5, which goes on.',
  })
  expect(parcel?.result.status).toBe('skipped')
  expect(joins).toMatchObject([
    {
      path: 'orders/meet',
      item: 'o1',
      status: 'merged',
      tokenId: 't5',
      arrived: [
        { branch: 'note', tokenId: 't2', atMs: 5 },
        { branch: 'bill', tokenId: 't4', atMs: 10 },
        { branch: 'parcel', tokenId: 't3', atMs: 30 },
      ],
      waitedMs: 25,
      usage: { tokens: 48 },
    },
  ])
  expect(fates).toMatchObject({
    'o1-bill': 'coalesced',
    'o1-note': 'coalesced',
    'o1-parcel': 'coalesced',
    'joined o1': 'completed',
  })
  expect(audit.records.find((each) => each.kind === 'token' && each.tokenId === 't5')).toMatchObject({
    parentIds: ['t4', 't3', 't2'],
    item: 'o1',
  })
})

test('items wait for more others than may be worked on at once', async () => {
  const kinds = ['bill', 'parcel', 'note']
  const source = kinds.flatMap((kind) => ['o1', 'o2', 'o3', 'o4'].map((order) => part(order, kind, 10)))
  const { result } = await runAllInSim(orders(), source, { concurrency: 1 })
  expect(result).toMatchObject({ status: 'completed', totals: { items: 12, completed: 4, coalesced: 8 } })
})

test('what is pending at the end of the source fails, and is on record with who came and who did not', async () => {
  const { result, joins, fates, audit } = await runAllInSim(
    orders(quorum(3), { missing: 'quarantine' }),
    [part('o1', 'bill', 5), part('o1', 'note', 8)],
    byKind,
  )
  expect(result).toMatchObject({
    status: 'failed',
    feedback:
      "2 of 2 items failed: 'o1-bill': quorum_not_met: 'parcel' of 'o1' has not come; " +
      "'o1-note': quorum_not_met: 'parcel' of 'o1' has not come",
    joins: [{ failed: 1, reasons: { quorum_not_met: 1 } }],
  })
  expect(joins).toMatchObject([
    {
      status: 'failed',
      reason: 'quorum_not_met',
      tokenId: null,
      missing: ['parcel'],
      missingOutcome: 'quarantined',
      timeoutMs: null,
      input: { bill: part('o1', 'bill', 5), note: part('o1', 'note', 8) },
    },
  ])
  expect(fates).toMatchObject({ 'o1-bill': 'failed', 'o1-note': 'failed' })
  const outcomes = audit.records.filter((each) => each.kind === 'outcome' && each.outcome === 'failed')
  const reason = {
    reason: 'quorum_not_met',
    errorHash: errorHash('quorum_not_met'),
    joinGroup: joins[0]?.joinGroup,
  }
  expect(outcomes).toMatchObject([reason, reason])
  const ends = audit.records.filter((each) => each.kind === 'step' && each.node === 'join')
  expect(ends).toMatchObject([{ status: 'completed' }, { status: 'completed' }])
})

test('a time limit fires while the source still gives items', async () => {
  async function* source(): AsyncGenerator<Part> {
    yield part('o1', 'bill')
    yield part('o2', 'bill', 500)
  }
  const { joins, result } = await runAllInSim(orders(bestEffort({ timeoutMs: 100 })), source(), {
    concurrency: 1,
  })
  expect(joins).toMatchObject([
    { item: 'o1', status: 'merged', timeoutMs: 100, atMs: 100, missing: ['parcel', 'note'] },
    { item: 'o2', status: 'merged', timeoutMs: null, atMs: 500 },
  ])
  expect(result.totals).toMatchObject({ completed: 2 })
})

test('an item that comes when its join is resolved is late, and says so', async () => {
  const { result, fates, audit, joins } = await runAllInSim(
    orders(quorum(2)),
    [part('o1', 'bill'), part('o1', 'note', 5), part('o1', 'parcel', 10)],
    byKind,
  )
  expect(joins).toHaveLength(1)
  expect(result).toMatchObject({ totals: { completed: 1, coalesced: 1, failed: 1 } })
  expect(fates['o1-parcel']).toBe('failed')
  const late = audit.records.find((each) => each.kind === 'outcome' && each.outcome === 'failed')
  expect(late).toMatchObject({ reason: 'late_arrival_after_merge', joinGroup: joins[0]?.joinGroup })
})

test('a later join waits for what an earlier one still holds', async () => {
  const node = pipeline(
    'p',
    arrive,
    join('first', {
      key: (given: Part) => given.order,
      branch: (given) => given.kind,
      branches: ['bill', 'parcel'],
      policy: quorum(2),
      merge: select('bill'),
    }),
    join('second', {
      key: () => 'all',
      branch: ({ order }: Part) => order,
      branches: ['o1', 'o2'],
      policy: all(),
    }),
  )
  // Neither order is whole, so both fail at the first join at the end of the source; nothing is left for the second.
  const failed = await runAllInSim(node, [part('o1', 'bill'), part('o2', 'bill')])
  expect(failed.result.joins).toMatchObject([{ path: 'p/first', failed: 2 }])
  const best = pipeline(
    'p',
    arrive,
    meet(bestEffort({ timeoutMs: 10_000 }), { merge: 'union' }),
    join('second', {
      key: () => 'all',
      branch: ({ order }: Part) => order,
      branches: ['o1', 'o2'],
      policy: all(),
    }) as never,
  )
  const { result, joins } = await runAllInSim(best, [part('o1', 'bill', 5), part('o2', 'note', 6)])
  expect(joins.map(({ path, status }) => [path, status])).toMatchObject([
    ['p/meet', 'merged'],
    ['p/meet', 'merged'],
    ['p/second', 'merged'],
  ])
  expect(result).toMatchObject({ status: 'completed', totals: { completed: 1, coalesced: 1 } })
})

test('an abort cancels who waits, and the join is on record', async () => {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(50, 'the caller', () => controller.abort(new Error('enough')))
  const { result, joins, fates } = await runAllInSim(
    orders(),
    [part('o1', 'bill'), part('o2', 'note', 900)],
    { ...byKind, signal: controller.signal },
    world,
  )
  expect(result).toMatchObject({ status: 'cancelled', totals: { cancelled: 2 } })
  expect(joins).toMatchObject([
    { status: 'failed', reason: 'Cancelled: enough', missing: ['parcel', 'note'] },
  ])
  expect(fates).toMatchObject({ 'o1-bill': 'cancelled', 'o2-note': 'cancelled' })
})

test.for<[what: string, second: Part, message: string]>([
  [
    'a second item of one branch',
    part('o1', 'bill', 5),
    "Expected branch 'bill' of join 'orders/meet' (all) to arrive once for item 'o1'",
  ],
  [
    'an unknown branch',
    part('o1', 'bil', 5),
    `Expected a branch of join 'orders/meet' (bill, parcel, note), got "bil". Did you mean \`bill\`?`,
  ],
])('%s is no failure of the work: it ends the run', async ([, second, message]) => {
  const running = runAllInSim(orders(), [part('o1', 'bill'), second, part('o2', 'note', 900)])
  await expect(running).rejects.toBeInstanceOf(JoinInvariantError)
  await expect(running).rejects.toMatchObject({
    message: expect.stringContaining(message),
    result: { status: 'failed', totals: { items: 3, completed: 0 } },
  })
})

test('what reads a key may fail, and then only its item does', async () => {
  const keyless = (key: () => unknown) => pipeline('p', meet(all(), { key }))
  const thrown = await runAllInSim(
    keyless(() => {
      throw new Error('no order')
    }),
    [part('o1', 'bill')],
  )
  expect(thrown.result.feedback).toContain('no order')
  const none = await runAllInSim(
    keyless(() => undefined),
    [part('o1', 'bill')],
  )
  expect(none.result.feedback).toContain("Expected `key` of join 'meet' to give a text, got nothing.")
})

test('a run over one input is at the end of its source at once', async () => {
  const { result: alone } = await runInSim(orders(), part('o1', 'bill'))
  expect(alone).toMatchObject({
    status: 'failed',
    feedback: "incomplete_branches: 'parcel', 'note' of 'o1' have not come",
  })
  const { result: first } = await runInSim(orders(quorum(1)), part('o1', 'bill'))
  expect(first).toMatchObject({ status: 'completed', output: { shipped: { bill: part('o1', 'bill', 0) } } })
})

test('10 000 joins later, who comes late is found by the audit trail', async () => {
  const node = pipeline(
    'p',
    join('meet', {
      key: (n: number) => String(n % 10_002),
      branch: (n) => (n < 10_002 ? 'a' : 'b'),
      branches: ['a', 'b'],
      policy: quorum(1),
    }),
  )
  const source = Array.from({ length: 10_003 }, (_, n) => n)
  const { result, audit } = await runAllInSim(node, source, { keepResults: 0 })
  expect(result.totals).toMatchObject({ completed: 10_002, failed: 1 })
  const said = audit.records.filter((each) => each.kind === 'event' && each.event === 'join_forgotten')
  expect(said).toHaveLength(1)
})
