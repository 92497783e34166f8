import {
  type AnyNode,
  approval,
  createEngine,
  first,
  loop,
  memoryAudit,
  parallel,
  pipeline,
  step,
  waitingApprovals,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { photographed } from './photographed.ts'

const ask = (name: string) => approval(name, { message: `${name}?`, schema: z.string() })
const after = (name: string, ms: number) =>
  step(name, async (_: unknown, ctx) => {
    await ctx.sleep(ms)
    return name
  })
const fails = (name: string, ms: number) =>
  step(name, async (_: unknown, ctx): Promise<string> => {
    await ctx.sleep(ms)
    throw new Error(`${name} is out of ink`)
  })

/** An engine in virtual time whose runs can be carried on. */
function inSim() {
  const world = new SimWorld()
  const audit = memoryAudit()
  const engine = createEngine({ world, audit })
  const driven = async <T>(running: Promise<T>): Promise<T> => {
    await drive(world, running)
    const end = await running
    await drain(world)
    return end
  }
  return {
    run: (node: AnyNode) => driven(engine.run(node, 1 as never, { runId: 'r' })),
    resume: (answer: unknown, at?: string) =>
      driven(engine.resume('r', answer, at === undefined ? {} : { at })),
    waiting: () => waitingApprovals(audit.trail('r')!).map(({ path }) => path),
    trail: () => audit.trail('r')!,
    conservation: () => audit.conservation(),
  }
}

test('nobody is asked for an approval beside a branch that fails: the node fails, and its fallback runs', async () => {
  const { run, waiting, trail, conservation } = inSim()
  const { status, output } = await run(
    pipeline('p', parallel('both', { ask: ask('ask'), bad: fails('bad', 20) }).fallback(after('backup', 1))),
  )
  expect({ status, output }).toEqual({ status: 'completed', output: 'backup' })
  expect(waiting()).toEqual([])
  expect(trail().stepRows).toContainEqual(
    expect.objectContaining({ path: 'p/both/both/ask', node: 'approval', status: 'cancelled' }),
  )
  expect(conservation()).toMatchObject({ ok: true, open: [] })
})

test('an approval that its join did not wait for, however deep, is in the way of no later one', async () => {
  const deep = (inner: AnyNode) =>
    parallel('deep', {
      asks: loop('rounds', inner as never, { until: () => true, maxIterations: 1 }),
      done: after('done', 1),
    })
  for (const asks of [ask('early'), deep(ask('early')) as AnyNode]) {
    const { run, resume, waiting, conservation } = inSim()
    const race = parallel('race', { asks, quick: after('quick', 20) }, { join: first() })
    expect(await run(pipeline('p', race, ask('late')))).toMatchObject({ status: 'paused' })
    expect(waiting()).toEqual(['p/late'])
    expect(await resume('yes')).toMatchObject({ status: 'completed', output: 'yes' })
    expect(conservation()).toMatchObject({ ok: true, open: [] })
  }
})

test('approvals in branches of branches pause the run once all others are done, and are answered one by one', async () => {
  const { run, resume, waiting, conservation } = inSim()
  const node = parallel('outer', {
    inner: parallel('inner', { a: ask('a'), slow: after('slow', 50) }, { onBranchFailure: 'collect' }),
    b: ask('b'),
  })
  const paused = await run(node)
  expect(paused).toMatchObject({ status: 'paused', latencyMs: 50, totals: { attempts: 1 } })
  expect(waiting()).toEqual(['outer/inner/a', 'outer/b'])
  expect(await resume('yes', 'outer/b')).toMatchObject({ status: 'paused' })
  expect(waiting()).toEqual(['outer/inner/a'])
  expect(await resume('no')).toMatchObject({
    status: 'completed',
    output: { inner: { a: 'no', slow: 'slow' }, b: 'yes' },
  })
  expect(conservation()).toMatchObject({ ok: true, open: [] })
})

test('killed after any commit, a run comes to the same past an approval that nobody needed', async () => {
  const { copies, audit } = photographed()
  const short = (name: string) => step(name, () => name)
  const node = pipeline(
    'p',
    parallel('both', {
      deep: parallel('deep', { ask: ask('ask'), done: short('done') }),
      bad: pipeline('slowly', short('one'), fails('bad', 0)),
    }).fallback(short('backup')),
    short('end'),
  )
  await createEngine({ audit }).run(node, 1, { runId: 'r', durable: true })
  const whole = audit.trail('r')!
  expect(whole).toMatchObject({ status: 'completed' })
  await audit.close()
  expect(copies.length).toBeGreaterThan(3)
  for (const copy of copies.slice(0, -1)) {
    await using engine = createEngine({ audit: copy, pipelines: [node] })
    const [recovery] = await engine.recover()
    expect(recovery).toMatchObject({ kind: 'carried-on', result: { status: 'completed', output: 'end' } })
    const fates = engine.audit!.trail('r')!.outcomeRows.map(({ tokenId, outcome }) => `${tokenId} ${outcome}`)
    expect(fates.toSorted()).toEqual(
      whole.outcomeRows.map(({ tokenId, outcome }) => `${tokenId} ${outcome}`).toSorted(),
    )
    expect(engine.audit!.conservation()).toMatchObject({ ok: true, open: [] })
  }
})
