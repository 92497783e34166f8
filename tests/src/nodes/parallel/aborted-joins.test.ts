import { type AnyNode, bestEffort, first, loop, parallel, type ParallelOptions, step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { deaf, fails, runBranches, wait } from './running.ts'

const TIMELY = { join: bestEffort({ timeoutMs: 5_000 }) } satisfies ParallelOptions

const writes = (name: string, ms: number) =>
  step(name, async (n: number, ctx) => {
    ctx.context.set(name, ms)
    await ctx.sleep(ms)
    return n
  })

/** Best effort, with one branch that comes soon and one that would come in time. */
const effort = () => parallel('effort', { soon: writes('soon', 10), late: writes('late', 1_000) }, TIMELY)

async function abortedAt(atMs: number, node: AnyNode) {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(atMs, 'the caller', () => controller.abort(new Error('enough')))
  return await runBranches(node, 1 as never, { signal: controller.signal }, world)
}

test('an abort while best effort waits cancels it: nothing merges, and no branch is lost to it', async () => {
  const { result, joins, fates, audit } = await abortedAt(
    100,
    effort().fallback(step('backup', () => 'never')),
  )
  expect(result).toMatchObject({
    status: 'cancelled',
    feedback: 'Cancelled: enough',
    context: {},
    children: { primary: { status: 'cancelled' } },
  })
  expect(result.children).not.toHaveProperty('fallback')
  expect(joins).toMatchObject([
    {
      status: 'failed',
      reason: 'Cancelled: enough',
      arrived: [{ branch: 'soon' }],
      missing: ['late'],
      missingOutcome: 'cancelled',
      lost: [],
      timeoutMs: null,
    },
  ])
  expect(fates).toEqual([
    ['t1', 'forked'],
    ['t2', 'cancelled'],
    ['t3', 'cancelled'],
    ['t4', 'cancelled'],
  ])
  expect(audit.conservation().ok).toBe(true)
})

test('a best effort beside a branch that fails is cancelled with what it has, and did not arrive', async () => {
  const { result, joins } = await runBranches(
    parallel('outer', { effort: effort(), bad: fails('bad', 100) }),
    1,
  )
  expect(result).toMatchObject({ status: 'failed', children: { effort: { status: 'cancelled' } } })
  expect(joins).toMatchObject([
    { path: 'outer/effort', status: 'failed', missing: ['late'] },
    { path: 'outer', arrived: [], lost: [{ branch: 'effort' }, { branch: 'bad' }] },
  ])
})

test('a best effort that its own join cancels is missing there, cancelled, and not late', async () => {
  const { result, joins, audit } = await runBranches(
    parallel('outer', { effort: effort(), quick: wait('quick', 100) }, { join: first() }),
    1,
  )
  expect(result).toMatchObject({ status: 'completed', output: { quick: 101 }, context: {} })
  expect(joins.at(-1)).toMatchObject({ missing: ['effort'], missingOutcome: 'cancelled' })
  const reasons = audit.records.flatMap((each) => (each.kind === 'outcome' ? [each.reason] : []))
  expect(reasons).not.toContain('late_arrival_after_merge')
})

test('an iteration whose best effort was aborted has not completed, and commits nothing', async () => {
  const node = loop('rounds', effort(), {
    until: () => false,
    nextInput: () => 1,
    maxIterations: 3,
  })
  const { result } = await abortedAt(100, node)
  expect(result).toMatchObject({ status: 'cancelled', attempts: 0, context: {} })
})

test('an abort while those that a join left behind are waited for ends the wait, and the node is cancelled', async () => {
  const node = parallel('race', { soon: writes('soon', 10), deaf: deaf('deaf', 900) }, { join: first() })
  const { result, endedAtMs, joins } = await abortedAt(100, node)
  expect(endedAtMs).toBe(100)
  expect(result).toMatchObject({ status: 'cancelled', context: {} })
  expect(joins).toMatchObject([{ status: 'failed', reason: 'Cancelled: enough', missing: ['deaf'] }])
})
