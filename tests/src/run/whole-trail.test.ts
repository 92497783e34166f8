import { type AuditRecord, ConfigurationError, createEngine, pipeline, step } from 'shakedown'
import { SimWorld, WALL_START_MS } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

/** A world in which some time has passed, so that a time of the run is not a time of the world. */
async function laterWorld(): Promise<SimWorld> {
  const world = new SimWorld()
  await runInSim(
    step('before', (_: unknown, ctx) => ctx.sleep(40)),
    undefined,
    {},
    world,
  )
  return world
}

/** A record without what all records of these runs share. */
function told(record: AuditRecord): unknown {
  const { runId: _, ...rest } = record as AuditRecord & { tokenId?: string; visit?: number }
  if (rest.tokenId === 't1') delete rest.tokenId
  if (rest.visit === 1) delete rest.visit
  return rest
}

const NOTHING = { costUsd: 0, tokens: 0 }
const noInk = expect.objectContaining({ name: 'Error', message: 'no ink' })

test('a run with a retry, a fallback and a second step leaves exactly these records, in this order', async () => {
  const draft = step(
    'draft',
    async (_: { n: number }, ctx): Promise<number> => {
      ctx.meter({ costUsd: 0.5, tokens: 3 })
      await ctx.sleep(10)
      throw new Error('no ink')
    },
    { retries: 1 },
  )
  const node = pipeline(
    'p',
    draft.fallback(step('backup', ({ n }: { n: number }) => n)),
    step('double', (n: number) => n * 2),
  )
  const { audit, result } = await runInSim(node, { n: 4 }, { runId: 'r' }, await laterWorld())
  const spent = { costUsd: 0.5, tokens: 3 }
  const whole = { costUsd: 1, tokens: 6 }
  const failed = {
    kind: 'attempt',
    path: 'p/draft/draft',
    step: 'draft',
    status: 'failed',
    latencyMs: 10,
    usage: spent,
  }
  const quick = {
    kind: 'attempt',
    attempt: 1,
    status: 'completed',
    startedAtMs: 120,
    latencyMs: 0,
    delayMs: 0,
    usage: NOTHING,
  }
  const fine = { kind: 'step', status: 'completed', atMs: 120, feedback: null, metadata: {} }
  expect(audit.records.map(told)).toEqual([
    { kind: 'run-started', pipeline: 'p', startedWallMs: WALL_START_MS + 40, input: { n: 4 } },
    { kind: 'token', parentIds: [], branch: null, item: null, atMs: 0 },
    { ...failed, attempt: 1, startedAtMs: 0, delayMs: 0, input: { n: 4 }, output: undefined, error: noInk },
    {
      ...failed,
      attempt: 2,
      startedAtMs: 110,
      delayMs: 100,
      input: { n: 4 },
      output: undefined,
      error: noInk,
    },
    {
      kind: 'step',
      path: 'p/draft/draft',
      step: 'draft',
      node: 'step',
      status: 'failed',
      attempts: 2,
      latencyMs: 120,
      atMs: 120,
      usage: whole,
      feedback: 'no ink',
      metadata: {},
    },
    {
      kind: 'event',
      path: 'p/draft',
      event: 'fallback',
      atMs: 120,
      detail: { from: 'p/draft/draft', to: 'p/draft/backup', feedback: 'no ink' },
    },
    { ...quick, path: 'p/draft/backup', step: 'backup', input: { n: 4 }, output: 4, error: null },
    {
      ...fine,
      path: 'p/draft/backup',
      step: 'backup',
      node: 'step',
      attempts: 1,
      latencyMs: 0,
      usage: NOTHING,
    },
    {
      ...fine,
      path: 'p/draft',
      step: 'draft',
      node: 'fallback',
      attempts: 3,
      latencyMs: 120,
      usage: whole,
      metadata: { fallbackTriggered: true, originalError: 'no ink' },
    },
    { ...quick, path: 'p/double', step: 'double', input: 4, output: 8, error: null },
    { ...fine, path: 'p/double', step: 'double', node: 'step', attempts: 1, latencyMs: 0, usage: NOTHING },
    { ...fine, path: 'p', step: 'p', node: 'pipeline', attempts: 4, latencyMs: 120, usage: whole },
    { kind: 'outcome', outcome: 'completed', reason: null, errorHash: null, joinGroup: null, atMs: 120 },
    {
      kind: 'run-finished',
      status: 'completed',
      finishedWallMs: WALL_START_MS + 160,
      latencyMs: 120,
      attempts: 4,
      usage: whole,
      output: 8,
      feedback: null,
      error: null,
    },
  ])
  expect(result).toMatchObject({
    runId: 'r',
    output: 8,
    totals: { steps: 3, attempts: 4, latencyMs: 120, usage: whole },
  })
})

test('a run that its caller aborts leaves a cancelled attempt, step, outcome and end, with the reason', async () => {
  const world = await laterWorld()
  const controller = new AbortController()
  world.clock.after(30, 'the caller', () => controller.abort(new Error('enough')))
  const deaf = step('deaf', (_: unknown, ctx) => (ctx.meter({ tokens: 2 }), new Promise<never>(() => {})))
  const { audit } = await runInSim(deaf, 1, { signal: controller.signal, runId: 'r' }, world)
  const usage = { costUsd: 0, tokens: 2 }
  const error = expect.objectContaining({ name: 'AbortSignalled', code: 'E_ABORTED' })
  const feedback = 'Cancelled: enough'
  const cancelled = { path: 'deaf', step: 'deaf', status: 'cancelled', latencyMs: 30, usage }
  expect(audit.records.slice(2).map(told)).toEqual([
    {
      ...cancelled,
      kind: 'attempt',
      attempt: 1,
      startedAtMs: 0,
      delayMs: 0,
      input: 1,
      output: undefined,
      error,
    },
    { ...cancelled, kind: 'step', node: 'step', attempts: 1, atMs: 30, feedback, metadata: {} },
    expect.objectContaining({ kind: 'outcome', outcome: 'cancelled', reason: feedback, atMs: 30 }),
    {
      kind: 'run-finished',
      status: 'cancelled',
      finishedWallMs: WALL_START_MS + 70,
      latencyMs: 30,
      attempts: 1,
      usage,
      output: undefined,
      feedback,
      error,
    },
  ])
})

test('the engine refuses what is no node in words, and runs nothing', async () => {
  const run = createEngine().run({ kind: 'step' } as never, undefined)
  await expect(run).rejects.toThrow(ConfigurationError)
  await expect(createEngine().run(undefined as never, undefined as never)).rejects.toThrow(
    'what the engine runs',
  )
})

test('the waits of a run say what they are for', async () => {
  const world = new SimWorld()
  const points: string[] = []
  const after = world.clock.after
  const watched = Object.create(world, {
    clock: {
      value: {
        ...world.clock,
        after: (...args: Parameters<typeof after>) => (points.push(args[1]), after(...args)),
      },
    },
  }) as SimWorld
  const slow = step('slow', (_: unknown, ctx) => ctx.sleep(80), { timeoutMs: 50, retries: 1 })
  await runInSim(slow, undefined, {}, watched)
  const attempt = ['timeout of step:slow', 'step:slow']
  expect(points).toEqual([...attempt, 'backoff of step:slow', ...attempt])
})
