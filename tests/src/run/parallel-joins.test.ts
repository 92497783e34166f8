import { all, bestEffort, first, parallel, pipeline, quorum, select, step } from 'shakedown'
import { expect, test } from 'vitest'
import { errorHash } from '../../../src/base/error-hash.ts'
import { runInSim } from '../../support/in-sim.ts'
import { joined } from './joined.ts'

const after = (ms: number, name: string) =>
  step(name, async (_: string, ctx) => {
    await ctx.sleep(ms)
    ctx.meter({ tokens: ms })
    return name.toUpperCase()
  })
const fails = (ms: number, name: string) =>
  step(name, async (_: string, ctx) => {
    await ctx.sleep(ms)
    throw new Error(`${name} is out of ink`)
  })
/** Works on for so long whatever its signal says. */
const deaf = (ms: number, name: string) =>
  step(
    name,
    (_: string, ctx) => new Promise<string>((resolve) => ctx.clock.after(ms, name, () => resolve(name))),
  )

test('a quorum goes on with those that came first, in declared order, and cancels the others', async () => {
  const { result, join, outcomes, arrivals, world } = await joined(
    { c: after(30, 'c'), a: after(900, 'a'), b: after(10, 'b') },
    { join: quorum(2) },
  )
  expect(result).toMatchObject({
    status: 'completed',
    output: { c: 'C', b: 'B' },
    metadata: { join: 'quorum(2)', arrived: ['b', 'c'], missing: ['a'], lost: [] },
    children: { a: { status: 'cancelled' } },
    latencyMs: 30,
  })
  expect(Object.keys(result.output as object)).toEqual(['c', 'b'])
  expect(world.clock.monotonicMs()).toBe(30)
  expect(join).toMatchObject({
    policy: 'quorum(2)',
    status: 'merged',
    tokenId: 't5',
    arrived: [
      { branch: 'b', tokenId: 't4', atMs: 10 },
      { branch: 'c', tokenId: 't2', atMs: 30 },
    ],
    missing: ['a'],
    missingOutcome: 'cancelled',
    lost: [],
    waitedMs: 20,
    timeoutMs: null,
    reason: null,
    usage: { costUsd: 0, tokens: 40 },
    input: { c: 'C', b: 'B' },
    output: { c: 'C', b: 'B' },
  })
  expect(outcomes).toMatchObject({
    a: { outcome: 'cancelled', joinGroup: join.joinGroup },
    b: { outcome: 'coalesced', joinGroup: join.joinGroup, reason: null },
    c: { outcome: 'coalesced', joinGroup: join.joinGroup },
  })
  expect(arrivals).toEqual(['c', 'b'])
})

test('a quorum that can no longer be reached fails at once, and says why of each that arrived', async () => {
  const { result, join, outcomes } = await joined(
    { a: after(5, 'a'), b: fails(10, 'b'), c: fails(20, 'c'), d: after(900, 'd') },
    { join: quorum(3) },
  )
  const reason = 'quorum_impossible:need=3,max_possible=2'
  expect(result).toMatchObject({
    status: 'failed',
    feedback: `${reason}; 2 of 4 branches failed: 'b': b is out of ink; 'c': c is out of ink`,
    error: { name: 'JoinError', code: 'E_JOIN' },
    latencyMs: 20,
  })
  expect(join).toMatchObject({
    status: 'failed',
    reason,
    arrived: [{ branch: 'a', atMs: 5 }],
    lost: [
      { branch: 'b', reason: 'b is out of ink' },
      { branch: 'c', reason: 'c is out of ink' },
    ],
    missing: ['d'],
    missingOutcome: 'cancelled',
    timeoutMs: null,
    input: { a: 'A' },
    output: undefined,
  })
  expect(outcomes['a']).toMatchObject({
    outcome: 'failed',
    reason,
    errorHash: errorHash(reason),
    joinGroup: join.joinGroup,
  })
  expect(outcomes['b']).toMatchObject({ outcome: 'failed', reason: 'b is out of ink', joinGroup: null })
  expect(outcomes['d']).toMatchObject({ outcome: 'cancelled' })
})

test.for([
  ['fail', 'failed'],
  ['quarantine', 'quarantined'],
] as const)(
  'when its time is over, who has not come is on record, and missing: %s is what becomes of them',
  async ([missing, fate]) => {
    const { result, join, outcomes, world } = await joined(
      { a: after(10, 'a'), b: after(900, 'b') },
      { join: quorum(2, { timeoutMs: 100 }), missing },
    )
    expect(result).toMatchObject({ status: 'failed', feedback: 'quorum_not_met_at_timeout' })
    expect(world.clock.monotonicMs()).toBe(100)
    expect(join).toMatchObject({
      missing: ['b'],
      missingOutcome: fate,
      timeoutMs: 100,
      waitedMs: 90,
      atMs: 100,
    })
    expect(outcomes).toMatchObject({
      a: { outcome: 'failed', reason: 'quorum_not_met_at_timeout' },
      b: { outcome: fate, reason: 'quorum_not_met_at_timeout', joinGroup: join.joinGroup },
    })
  },
)

test('best effort goes on with what has come in time', async () => {
  const { result, join, outcomes } = await joined(
    { a: after(10, 'a'), b: after(900, 'b'), c: fails(20, 'c') },
    { join: bestEffort({ timeoutMs: 100 }), missing: 'quarantine' },
  )
  expect(result).toMatchObject({ status: 'completed', output: { a: 'A' }, latencyMs: 100 })
  expect(join).toMatchObject({ status: 'merged', timeoutMs: 100, missingOutcome: 'quarantined' })
  expect(outcomes['b']).toMatchObject({ outcome: 'quarantined', reason: 'missing_at_timeout' })
})

test('best effort at which nothing arrives is on record, too, with its time', async () => {
  const { result, join, arrivals } = await joined(
    { a: after(500, 'a'), b: after(900, 'b') },
    { join: bestEffort({ timeoutMs: 100 }) },
  )
  expect(result).toMatchObject({ status: 'failed', feedback: 'best_effort_timeout_no_arrivals' })
  expect(join).toMatchObject({ arrived: [], missing: ['a', 'b'], waitedMs: 100, timeoutMs: 100, input: {} })
  expect(arrivals).toEqual([])
})

test('the first branch wins, and a branch that has failed before is no reason to wait for it', async () => {
  const { result, join } = await joined(
    { a: fails(5, 'a'), b: after(20, 'b'), c: after(30, 'c') },
    { join: first() },
  )
  expect(result).toMatchObject({ status: 'completed', output: { b: 'B' } })
  expect(join).toMatchObject({ lost: [{ branch: 'a' }], missing: ['c'], missingOutcome: 'cancelled' })
  const none = await joined({ a: fails(5, 'a'), b: fails(20, 'b') }, { join: first() })
  expect(none.join).toMatchObject({
    status: 'failed',
    reason: 'all_branches_lost',
    missing: [],
    missingOutcome: null,
  })
})

test('`all` may have a time limit, and a lost branch is named', async () => {
  const slow = await joined({ a: after(5, 'a'), b: after(50, 'b') }, { join: all({ timeoutMs: 20 }) })
  expect(slow.join).toMatchObject({ reason: 'incomplete_branches', timeoutMs: 20, missing: ['b'] })
  const lost = await joined({ a: after(50, 'a'), b: fails(5, 'b') }, { join: all({ timeoutMs: 20 }) })
  expect(lost.join).toMatchObject({ reason: 'branch_lost:b', timeoutMs: null, missing: ['a'] })
  expect(lost.result.feedback).toBe("branch_lost:b; branch 'b' failed: b is out of ink")
})

test('a union goes on with the fields of all, the last declared winning, and says what met', async () => {
  const gives = (ms: number, value: object) =>
    step('gives', async (_: string, ctx) => {
      await ctx.sleep(ms)
      return value
    })
  const { result, join } = await joined(
    { a: gives(20, { by: 'a', n: 1 }), b: gives(10, { by: 'b', m: 2 }) },
    { merge: 'union' },
  )
  const collisions = { by: { a: 'a', b: 'b' } }
  expect(result).toMatchObject({ output: { by: 'b', n: 1, m: 2 }, metadata: { join: 'all', collisions } })
  expect(join).toMatchObject({ collisions, input: { a: { by: 'a' }, b: { by: 'b' } } })
})

test('a selected branch is never replaced by another', async () => {
  const branches = { a: after(10, 'a'), b: after(20, 'b') }
  const there = await joined(branches, { join: quorum(1), merge: select('a') })
  expect(there.result).toMatchObject({ status: 'completed', output: 'A' })
  const missing = await joined(branches, { join: quorum(1), merge: select('b') })
  expect(missing.result).toMatchObject({ status: 'failed', feedback: 'select_branch_not_arrived' })
  expect(missing.outcomes['a']).toMatchObject({ outcome: 'failed', reason: 'select_branch_not_arrived' })
})

test('what is left is waited for, at most settleMs, and then abandoned', async () => {
  const { result, world, audit } = await joined(
    { a: after(10, 'a'), b: deaf(5_000, 'b') },
    { join: quorum(1), settleMs: 1_000 },
  )
  expect(result).toMatchObject({ status: 'completed', output: { a: 'A' }, latencyMs: 1_010 })
  const events = audit.records.flatMap((record) => (record.kind === 'event' ? [record.event] : []))
  expect(events).toEqual(['abandoned', 'late'])
  expect(world.clock.monotonicMs()).toBe(5_000)
})

test('two branches that come at the same moment: the join takes one, the other is late, and both are accounted for', async () => {
  const { result, outcomes, join, arrivals } = await joined(
    { a: step('a', () => 'A'), b: step('b', () => 'B') },
    { join: first() },
  )
  expect(result).toMatchObject({ output: { a: 'A' } })
  expect(arrivals).toEqual(['a'])
  expect(join.missing).toEqual(['b'])
  const reason = 'late_arrival_after_merge'
  expect(outcomes['b']).toMatchObject({
    outcome: 'failed',
    reason,
    errorHash: errorHash(reason),
    joinGroup: join.joinGroup,
  })
})

test('only what arrived at the join writes to the context', async () => {
  const writes = (ms: number, key: string) =>
    pipeline(
      key,
      step('write', (_: string, { context }) => context.set(key, ms)),
      step('wait', (_, ctx) => ctx.sleep(ms)),
    )
  const node = parallel(
    'p',
    { a: writes(10, 'a'), b: writes(20, 'b'), c: writes(900, 'c') },
    { join: quorum(2) },
  )
  const { result } = await runInSim(node, 'tides')
  expect(result.context).toEqual({ a: 10, b: 20 })
})

test('an abort cancels the join with everything in it', async () => {
  const controller = new AbortController()
  const aborts = step('aborts', async (_: string, ctx) => {
    await ctx.sleep(20)
    controller.abort(new Error('enough'))
  })
  const { result, join, outcomes } = await joined(
    { a: after(10, 'a'), b: aborts, c: after(900, 'c') },
    { join: quorum(3, { timeoutMs: 5_000 }) },
    { signal: controller.signal },
  )
  expect(result).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: enough' })
  expect(join).toMatchObject({ status: 'failed', reason: 'Cancelled: enough', arrived: [{ branch: 'a' }] })
  expect(outcomes).toMatchObject({ a: { outcome: 'cancelled' }, c: { outcome: 'cancelled' } })
})

test('a fallback takes over from a failed join, on one token', async () => {
  const node = parallel('p', { a: fails(1, 'a'), b: after(5, 'b') }, { join: all() }).fallback(
    step('plain', () => 'plain'),
  )
  const { result, audit } = await runInSim(node, 'tides')
  expect(result).toMatchObject({
    status: 'completed',
    output: 'plain',
    metadata: { fallbackTriggered: true },
  })
  expect(audit.conservation()).toMatchObject({ ok: true })
})
