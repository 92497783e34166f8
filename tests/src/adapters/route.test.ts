import {
  type Adapter,
  createEngine,
  createRegistry,
  functionAdapter,
  memoryAudit,
  pipeline,
  route,
  routeFacts,
  SoftFailureError,
  step,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { failing, runInSim } from '../../support/in-sim.ts'

type Task = Readonly<Record<string, unknown>>

const works = (name: string, more: Partial<Adapter> = {}) =>
  functionAdapter(name, async () => `done by ${name}`, more)
const timeout = () => new Error('Connection timeout')
const broken = (name: string, error: () => unknown = timeout) =>
  functionAdapter(name, async (): Promise<string> => {
    throw error()
  })

const attemptTimes = (audit: Awaited<ReturnType<typeof runInSim>>['audit']) =>
  audit.records.flatMap((record) =>
    record.kind === 'attempt' ? [[record.step, record.attempt, record.startedAtMs, record.status]] : [],
  )

test('the primary adapter does the task, and its result is what the route gives', async () => {
  const { result, audit } = await runInSim(route('ask', { adapters: [works('prefect'), works('agno')] }), {
    prompt: 'tides',
  })
  expect(result).toMatchObject({ status: 'completed', output: 'done by prefect', attempts: 1 })
  expect(routeFacts(result)).toEqual({
    success: true,
    adapter: 'prefect',
    result: 'done by prefect',
    fallbackChain: ['prefect'],
    totalAttempts: 1,
    attempts: [
      { adapter: 'prefect', attempt: 1, status: 'completed', latencyMs: 0, delayMs: 0, error: null },
    ],
    skipped: [],
    errors: [],
    order: ['prefect', 'agno'],
    taskType: null,
  })
  expect(audit.conservation().ok).toBe(true)
})

test('three attempts at each adapter, 100 and 200 ms apart, none after the last, then the next adapter at once', async () => {
  const node = route('ask', { adapters: [broken('prefect'), works('agno'), works('llamaindex')] })
  const { result, audit, world } = await runInSim(node, {})
  expect(attemptTimes(audit)).toEqual([
    ['prefect', 1, 0, 'failed'],
    ['prefect', 2, 100, 'failed'],
    ['prefect', 3, 300, 'failed'],
    ['agno', 1, 300, 'completed'],
  ])
  expect(world.clock.monotonicMs()).toBe(300)
  expect(routeFacts(result)).toMatchObject({
    adapter: 'agno',
    fallbackChain: ['prefect', 'agno'],
    totalAttempts: 4,
    errors: [{ adapter: 'prefect', message: 'Connection timeout' }],
  })
  expect(result).toMatchObject({
    attempts: 4,
    children: {
      prefect: { status: 'failed', attempts: 3, path: 'ask/prefect', feedback: 'Connection timeout' },
      agno: { status: 'completed', attempts: 1, metadata: { fallback: true } },
    },
  })
})

test('when all fail, every adapter has its say, not only the last', async () => {
  const node = route('ask', {
    adapters: [broken('prefect'), broken('agno', () => new TypeError('rate limited'))],
    maxAttempts: 1,
  })
  const { result } = await runInSim(node, {})
  expect(result).toMatchObject({
    status: 'failed',
    feedback: 'all adapters failed: prefect: Connection timeout; agno: rate limited',
    error: { name: 'AggregateError', code: 'E_ALL_ADAPTERS_FAILED', errors: [{}, { name: 'TypeError' }] },
  })
  expect(routeFacts(result)).toMatchObject({
    success: false,
    adapter: null,
    result: undefined,
    totalAttempts: 2,
  })
})

test.for<[string, unknown]>([
  ['no worker', { success: false, error: 'no worker' }],
  ['out of memory', { success: false, error: { message: 'out of memory' } }],
  ['The result says status: FAILED', { status: 'FAILED' }],
  ['The result says failureCount: 1', { failureCount: 1, success: true }],
])('a soft failure is a failure and is retried: %s', async ([message, soft]) => {
  const adapter = functionAdapter('prefect', failing<unknown>(0, soft))
  const { result, audit } = await runInSim(route('ask', { adapters: [adapter] }), {})
  expect(result).toMatchObject({
    status: 'failed',
    feedback: `all adapters failed: prefect: ${message}`,
    attempts: 3,
  })
  expect(result.error?.errors?.[0]?.name).toBe(SoftFailureError.name)
  expect(audit.records.filter(({ kind }) => kind === 'attempt')).toMatchObject([{ output: soft }, {}, {}])
})

test.for([{ success: true }, { status: 'completed' }, { failureCount: 0 }, null, 'failed', undefined, []])(
  'a result that says nothing of a failure is none: %o',
  async (output) => {
    const { result } = await runInSim(route('ask', { adapters: [functionAdapter('a', () => output)] }), {})
    expect(result).toMatchObject({ status: 'completed', attempts: 1 })
  },
)

test('a failure that says it cannot be mended is not retried here, and the next adapter is asked', async () => {
  const fatal = () => Object.assign(new Error('bad prompt'), { retryable: false })
  const node = route('ask', { adapters: [broken('prefect', fatal), works('agno')] })
  const { result } = await runInSim(node, {})
  expect(routeFacts(result)).toMatchObject({ adapter: 'agno', totalAttempts: 2 })
})

test('each attempt has its own time, and one that takes longer fails', async () => {
  const deaf = functionAdapter(
    'deaf',
    (_: Task, { clock }) => new Promise((r) => clock.after(5_000, 'deaf', () => r(1))),
  )
  const node = route('ask', { adapters: [deaf], maxAttempts: 2, timeoutMs: 1_000 })
  const { result, audit } = await runInSim(node, {})
  expect(result.feedback).toBe("all adapters failed: deaf: adapter 'deaf' timed out after 1000 ms")
  expect(attemptTimes(audit)).toEqual([
    ['deaf', 1, 0, 'failed'],
    ['deaf', 2, 1_100, 'failed'],
  ])
  expect(audit.records.filter((record) => record.kind === 'event' && record.event === 'late')).toHaveLength(2)
})

test('an abort ends the wait and the route at once, and is never retried', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  world.clock.after(150, 'leave', () => controller.abort(new Error('gone')))
  const node = route('ask', { adapters: [broken('prefect'), works('agno')] })
  const { result, audit } = await runInSim(node, {}, { signal: controller.signal }, world)
  expect(result).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: gone', attempts: 2 })
  expect(routeFacts(result)).toMatchObject({ adapter: null, fallbackChain: ['prefect'] })
  expect(world.clock.monotonicMs()).toBe(150)
  expect(audit.conservation().ok).toBe(true)
})

test('Retry-After of an adapter lengthens the wait for it', async () => {
  const busy = failing(1, 'done', () => Object.assign(new Error('busy'), { retryAfterMs: 3_000 }))
  const { world } = await runInSim(route('ask', { adapters: [functionAdapter('a', busy)] }), {})
  expect(world.clock.monotonicMs()).toBe(3_000)
})

test('adapters are given copies, the key is the same for all attempts, and usage of all is summed', async () => {
  const keys: string[] = []
  const greedy = functionAdapter('greedy', (task: { items: string[] }, call) => {
    keys.push(call.idempotencyKey)
    task.items.push('mine')
    call.meter({ costUsd: 0.5, tokens: 10 })
    throw new Error('no')
  })
  const counting = functionAdapter('counting', ({ items }: { items: string[] }) => items.length)
  const node = route('ask', { adapters: [greedy, counting] })
  const { result } = await runInSim(
    pipeline(
      'p',
      node,
      step('next', (n) => n + 1),
    ),
    { items: ['a'] },
  )
  expect(result).toMatchObject({ output: 2, usage: { costUsd: 1.5, tokens: 30 } })
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
})

test('an adapter is initialised once before its first task, and again by the next attempt when that fails', async () => {
  let times = 0
  const initialize = async () => {
    times++
    if (times === 1) throw new Error('no licence')
  }
  const registry = createRegistry([works('a', { initialize })])
  const engine = createEngine({ world: new SimWorld() })
  const world = new SimWorld()
  const both = createEngine({ world })
  const run = Promise.all([1, 2].map((n) => both.run(route('ask', { adapters: registry }), { n })))
  await drive(world, run)
  await drain(world)
  expect((await run).map(({ attempts }) => attempts)).toEqual([2, 2])
  expect(times).toBe(2)
  await engine.close()
})

test('a task that is nothing to be copied is given to nobody', async () => {
  const hostile = Object.defineProperty({}, 'x', {
    enumerable: true,
    get: () => {
      throw new Error('no')
    },
  })
  const { result } = await runInSim(route('ask', { adapters: [works('a'), works('b')] }), hostile)
  expect(result).toMatchObject({ status: 'failed', attempts: 0, error: { code: 'E_INPUT' } })
})

test('statistics count once per task, by adapter, and begin with what the trail knows', async () => {
  const registry = createRegistry([broken('prefect'), works('agno')], { breaker: false })
  const world = new SimWorld()
  const audit = memoryAudit()
  const engine = createEngine({ world, audit })
  const node = route('ask', { adapters: registry })
  const runs = (async () => {
    for (let n = 0; n < 3; n++) await engine.run(node, { n })
  })()
  await drive(world, runs)
  await runs
  const expected = [
    {
      adapter: 'prefect',
      successes: 0,
      failures: 3,
      totalAttempts: 3,
      successRate: 0,
      attempts: { total: 9, failures: 9 },
    },
    { adapter: 'agno', successes: 3, failures: 0, totalAttempts: 3, successRate: 1, fallbacks: 3 },
  ]
  expect(registry.statistics(audit)).toMatchObject(expected)
  expect(createRegistry([works('prefect'), works('agno')]).statistics(audit)).toMatchObject(expected)
  expect(registry.statistics(memoryAudit())).toMatchObject([{ totalAttempts: 0 }, { totalAttempts: 0 }])
})
