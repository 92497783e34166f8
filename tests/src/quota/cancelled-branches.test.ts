import {
  type AnyNode,
  createEngine,
  first,
  loop,
  memoryAudit,
  parallel,
  pipeline,
  type RunOptions,
  step,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Spends at once, then works on for so long. */
const spends = (name: string, tokens: number, ms: number) =>
  step(name, async (_: number, ctx) => {
    ctx.meter({ tokens })
    await ctx.sleep(ms)
    return 1
  })

const fails = (name: string, ms: number) =>
  step(name, async (_: number, ctx): Promise<number> => {
    await ctx.sleep(ms)
    throw new Error(`${name} is out of ink`)
  })

/** Runs with a limit of 50 tokens; what `engine.run` rejects with, or its result. */
async function limited(node: AnyNode, { abortAtMs }: { abortAtMs?: number } = {}) {
  const world = new SimWorld()
  const audit = memoryAudit()
  const controller = new AbortController()
  if (abortAtMs !== undefined) world.clock.after(abortAtMs, 'the caller', () => controller.abort('enough'))
  const options: RunOptions = { runId: 'r', quota: { tokens: 50 }, signal: controller.signal }
  const running = createEngine({ world, audit })
    .run(node, 0 as never, options)
    .catch((thrown: unknown) => thrown)
  await drive(world, running)
  await drain(world)
  expect(audit.conservation()).toMatchObject({ ok: true, open: [] })
  return { end: await running, trail: audit.trail('r')! }
}

const EXCEEDED = {
  name: 'QuotaExceededError',
  reason: 'quota_exceeded',
  message: 'Token limit of 50 exceeded',
  result: { status: 'failed' },
}

test('what a loser spent beyond the quota before its join cancelled it ends the run', async () => {
  const node = pipeline(
    'p',
    parallel('race', { quick: spends('quick', 5, 10), slow: spends('slow', 100, 900) }, { join: first() }),
    step('never', () => 1),
  )
  const { end, trail } = await limited(node)
  expect(end).toMatchObject({ ...EXCEEDED, result: { status: 'failed', totals: { usage: { tokens: 105 } } } })
  expect(trail.stepRows.map(({ path }) => path)).not.toContain('p/never')
  expect(trail.joinRows).toMatchObject([{ status: 'failed', arrived: [{ branch: 'quick' }] }])
  const fates = trail.outcomeRows.map(({ outcome, reason }) => [outcome, reason])
  expect(fates).toContainEqual(['failed', 'Token limit of 50 exceeded'])
})

test('what a sibling of a failed branch spent beyond the quota ends the run, and no fallback starts', async () => {
  const node = parallel('both', { bad: fails('bad', 10), slow: spends('slow', 60, 900) }).fallback(
    step('never', () => 1),
  )
  const { end, trail } = await limited(node)
  expect(end).toMatchObject(EXCEEDED)
  expect(trail.eventRows.map(({ event }) => event)).not.toContain('fallback')
  expect(trail.joinRows).toMatchObject([{ reason: 'Token limit of 50 exceeded' }])
})

test('so it does from deep inside what was cancelled', async () => {
  const deep = (inner: AnyNode) =>
    loop('rounds', pipeline('round', inner) as AnyNode, {
      until: () => true,
      nextInput: () => 0 as never,
      maxIterations: 2,
    })
  for (const inner of [
    parallel('inner', { slow: spends('slow', 60, 900), slower: spends('slower', 1, 950) }),
    parallel('inner', { slow: spends('slow', 60, 900), slower: spends('slower', 1, 950) }, { join: first() }),
  ]) {
    const { end } = await limited(parallel('outer', { bad: fails('bad', 10), deep: deep(inner) }))
    expect(end).toMatchObject(EXCEEDED)
  }
})

test('a run that its caller has aborted is cancelled, whatever it spent', async () => {
  const { end } = await limited(spends('slow', 60, 900), { abortAtMs: 20 })
  expect(end).toMatchObject({ status: 'cancelled', totals: { usage: { tokens: 60 } } })
})
