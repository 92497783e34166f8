import { ConfigurationError, createEngine, pipeline, step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { runInSim, type SimRun } from '../../support/in-sim.ts'

const fail = (message: string) => (): never => {
  throw new Error(message)
}

/** A step that costs something before it gives its name or fails. */
const paid = (name: string, ms: number, ok = true) =>
  step(name, async (_: undefined, ctx) => {
    ctx.meter({ costUsd: ms / 8, tokens: ms })
    await ctx.sleep(ms)
    if (!ok) throw new Error(`${name} failed`)
    return name
  })

function fallbackEvents({ audit }: Pick<SimRun<unknown>, 'audit'>): unknown[] {
  return audit.records.flatMap((record) =>
    record.kind === 'event' && record.event === 'fallback' ? [[record.path, record.detail]] : [],
  )
}

test('a primary that succeeds is the only child, with its own name and path', async () => {
  const { result, audit } = await runInSim(paid('draft', 30).fallback(paid('backup', 5)), undefined)
  expect(Object.keys(result.children)).toEqual(['primary'])
  expect(result).toMatchObject({
    name: 'draft',
    output: 'draft',
    attempts: 1,
    latencyMs: 30,
    usage: { costUsd: 3.75, tokens: 30 },
    metadata: {},
    children: { primary: { name: 'draft', status: 'completed', output: 'draft', children: {} } },
  })
  expect(Object.keys(result.metadata)).toEqual([])
  expect(fallbackEvents({ audit })).toEqual([])
})

test('a fallback that ran is the second child; both keep what they cost, and the whole is the sum', async () => {
  const { result } = await runInSim(paid('draft', 30, false).fallback(paid('backup', 5)), undefined)
  expect(Object.keys(result.children)).toEqual(['primary', 'fallback'])
  expect(result).toMatchObject({
    success: true,
    error: null,
    attempts: 2,
    latencyMs: 35,
    usage: { costUsd: 4.375, tokens: 35 },
    children: {
      primary: {
        status: 'failed',
        output: undefined,
        error: { name: 'Error', message: 'draft failed' },
        usage: { costUsd: 3.75, tokens: 30 },
        latencyMs: 30,
      },
      fallback: { status: 'completed', output: 'backup', usage: { costUsd: 0.625, tokens: 5 }, latencyMs: 5 },
    },
  })
  expect(result.metadata).toEqual({ fallbackTriggered: true, originalError: 'draft failed' })
})

test('when both fail the result keeps both children, with their errors in the order they ran', async () => {
  const { result } = await runInSim(step('a', fail('A')).fallback(step('b', fail('B'))), undefined)
  expect(result).toMatchObject({
    success: false,
    attempts: 2,
    metadata: { fallbackTriggered: true, originalError: 'A' },
  })
  expect(Object.keys(result.children)).toEqual(['primary', 'fallback'])
  expect(result.children['primary']).toMatchObject({ name: 'a', feedback: 'A' })
  expect(result.children['fallback']).toMatchObject({ name: 'b', feedback: 'B' })
  expect(result.error).toMatchObject({
    name: 'AggregateError',
    message: 'Original error: A; Fallback error: B',
    errors: [{ message: 'A' }, { message: 'B' }],
  })
})

test('the trail says where the fallback led from and to, and why', async () => {
  const run = await runInSim(step('a', fail('A')).fallback(step('b', () => 'B')), undefined)
  const [[path, detail]] = fallbackEvents(run) as [[string, Record<string, string>]]
  const { children } = run.result
  expect(path).toBe(run.result.path)
  expect(detail).toEqual({ from: children['primary']!.path, to: children['fallback']!.path, feedback: 'A' })
  expect(detail['from']).not.toBe(detail['to'])
})

test('a fallback that is cancelled cancels the whole, which still says why it ran', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  world.clock.after(10, 'the caller', () => controller.abort(new Error('enough')))
  const { result } = await runInSim(
    step('a', fail('A')).fallback(step('b', (_: unknown, ctx) => ctx.sleep(1000))),
    undefined,
    { signal: controller.signal },
    world,
  )
  expect(result).toMatchObject({
    status: 'cancelled',
    feedback: 'Cancelled: enough',
    attempts: 2,
    latencyMs: 10,
  })
  expect(result.metadata).toEqual({ fallbackTriggered: true, originalError: 'A' })
  expect(result.children).toMatchObject({ primary: { status: 'failed' }, fallback: { status: 'cancelled' } })
})

test('a configuration error thrown by the fallback is the error of the whole, not one of two', async () => {
  const broken = step('b', (): never => {
    throw new ConfigurationError('no such model')
  })
  const run = createEngine().run(step('a', fail('A')).fallback(broken), undefined)
  await expect(run).rejects.toMatchObject({
    message: 'no such model',
    result: {
      status: 'failed',
      feedback: 'no such model',
      error: { name: 'ConfigurationError', code: 'E_CONFIG' },
      metadata: { fallbackTriggered: true, originalError: 'A' },
      children: { primary: { feedback: 'A' }, fallback: { feedback: 'no such model' } },
    },
  })
})

test('a primary that is cancelled is the only child, and no fallback is on record', async () => {
  const controller = new AbortController()
  const run = await runInSim(
    step('a', (_: unknown, ctx) => (controller.abort('enough'), ctx.sleep(5))).fallback(
      step('b', () => undefined),
    ),
    undefined,
    { signal: controller.signal },
  )
  expect(run.result).toMatchObject({ status: 'cancelled', children: { primary: { status: 'cancelled' } } })
  expect(Object.keys(run.result.children)).toEqual(['primary'])
  expect(fallbackEvents(run)).toEqual([])
})

test('a chain that can never run says so with a code, and nothing of it is tried', async () => {
  let calls = 0
  const a = step('a', (): string => String(calls++))
  const { result, audit } = await runInSim(a.fallback(step('b', fail('B')), a), undefined)
  expect(result).toMatchObject({
    status: 'failed',
    attempts: 0,
    latencyMs: 0,
    usage: { costUsd: 0, tokens: 0 },
    error: {
      name: 'FallbackChainError',
      code: 'E_FALLBACK_CHAIN',
      message: "Fallback loop detected for step 'a'",
    },
  })
  expect(calls).toBe(0)
  expect(audit.records.filter(({ kind }) => kind === 'attempt')).toEqual([])
})

test('.fallback() without a node, and with something that is none, is refused by the name of its primary', () => {
  const a = step('a', () => 1) as unknown as { fallback: (...others: unknown[]) => unknown }
  expect(() => a.fallback()).toThrow("Expected .fallback() of 'a' to be given at least one node.")
  expect(() => a.fallback(() => 2)).toThrow("the fallback of 'a'")
  expect(() =>
    a.fallback(
      step('b', () => 2),
      undefined,
    ),
  ).toThrow(
    "Expected fallback 2 of 'a' to be a node made by a builder such as step() or pipeline(), got nothing.",
  )
})

test('a pipeline keeps one child for each node that ran, under its name, and adds up what they cost', async () => {
  const node = pipeline('p', paid('one', 10), step('two', fail('2')), paid('three', 10))
  const { result } = await runInSim(node, undefined)
  expect(Object.keys(result.children)).toEqual(['one', 'two'])
  expect(result).toMatchObject({
    name: 'p',
    status: 'failed',
    feedback: '2',
    error: { message: '2' },
    attempts: 2,
    latencyMs: 10,
    usage: { costUsd: 1.25, tokens: 10 },
    totals: { steps: 2, attempts: 2, latencyMs: 10, usage: { costUsd: 1.25, tokens: 10 } },
    history: [{ name: 'one' }, { name: 'two' }],
  })
})

test('the trail has one row for a fallback, as a fallback, whether its primary succeeded or it could never run', async () => {
  const a = step('a', () => 'A')
  const rows = async (node: Parameters<typeof runInSim>[0]): Promise<unknown[]> => {
    const { audit } = await runInSim(node, undefined as never)
    return audit.records.flatMap((record) =>
      record.kind === 'step' ? [[record.node, record.path, record.status]] : [],
    )
  }
  expect(await rows(a.fallback(step('b', () => 'B')))).toEqual([
    ['step', 'a/a', 'completed'],
    ['fallback', 'a', 'completed'],
  ])
  expect(
    await rows(
      a.fallback(
        step('b', () => 'B'),
        a,
      ),
    ),
  ).toEqual([['fallback', 'a', 'failed']])
})
