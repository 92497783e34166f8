import { ConfigurationError, ControlSignal, loop, pipeline, step, type StepResult } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const add = (name = 'add') =>
  step(name, (n: number, { context }) => {
    context.append('seen', n)
    return n + 1
  })

test('a body goes round until its condition is met, each iteration on the output of the one before', async () => {
  const node = loop('count', add(), { until: (n) => n >= 3, maxIterations: 10 })
  const { result, audit } = await runInSim(node, 0)
  expect(result).toMatchObject({
    name: 'count',
    status: 'completed',
    output: 3,
    attempts: 3,
    metadata: { exitReason: 'condition', iterations: 3, stepAttempts: 3 },
    context: { seen: [0, 1, 2] },
  })
  expect(Object.entries(result.children).map(([key, { path, output }]) => [key, path, output])).toEqual([
    ['1', 'count/add', 1],
    ['2', 'count/add', 2],
    ['3', 'count/add', 3],
  ])
  const events = audit.records.flatMap((record) => (record.kind === 'event' ? [record] : []))
  expect(events).toMatchObject([
    { event: 'iteration', path: 'count', detail: { iteration: 1, status: 'completed', met: false } },
    { event: 'iteration', path: 'count', detail: { iteration: 2, status: 'completed', met: false } },
    { event: 'iteration', path: 'count', detail: { iteration: 3, status: 'completed', met: true } },
  ])
})

test('mappers make the first input, each next one and the output, and none runs after the last iteration but `output`', async () => {
  const asked: string[] = []
  const node = loop('count', add(), {
    initialInput: (text: string, { iteration }) => {
      asked.push(`initialInput ${iteration}`)
      return text.length
    },
    nextInput: async (n, { iteration }) => {
      asked.push(`nextInput ${iteration}`)
      return n * 10
    },
    until: (n, { iteration }) => {
      asked.push(`until ${iteration}`)
      return n > 50
    },
    output: (n, { iteration, context }) => {
      asked.push(`output ${iteration}`)
      return [n, context.get('seen')]
    },
    maxIterations: 5,
  })
  const { result } = await runInSim(node, 'ab')
  expect(asked).toEqual([
    'initialInput 0',
    'until 1',
    'nextInput 1',
    'until 2',
    'nextInput 2',
    'until 3',
    'output 3',
  ])
  expect(result.output).toEqual([311, [2, 30, 310]])
})

test('a loop that reaches its maximum without meeting its condition fails, and asks no mapper for more', async () => {
  let mapped = 0
  const node = loop('count', add(), {
    until: () => false,
    maxIterations: 2,
    nextInput: (n) => (mapped++, n),
    output: (n) => (mapped++, n),
  })
  const { result } = await runInSim(node, 0)
  expect(mapped).toBe(1)
  expect(result).toMatchObject({
    status: 'failed',
    output: undefined,
    attempts: 2,
    feedback: "loop 'count' reached its maximum of 2 iterations without meeting its condition",
    error: { name: 'LoopError', code: 'E_MAX_ITERATIONS' },
    metadata: { exitReason: 'max_iterations', iterations: 2 },
    context: { seen: [0, 1] },
  })
  expect(Object.keys(result.children)).toEqual(['1', '2'])
})

test('the last iteration that is allowed may meet the condition', async () => {
  const { result } = await runInSim(loop('once', add(), { until: () => true, maxIterations: 1 }), 0)
  expect(result).toMatchObject({ status: 'completed', output: 1, metadata: { exitReason: 'condition' } })
})

test('an iteration that fails leaves nothing in the context, is no completed one, and its result is kept whole', async () => {
  const node = loop(
    'count',
    pipeline(
      'body',
      add(),
      step(
        'check',
        (n: number) => {
          if (n === 2) throw new Error('out of ink')
          return n
        },
        { retries: 1, backoff: { baseMs: 5 } },
      ),
    ),
    { until: () => false, maxIterations: 9 },
  )
  const { result, audit } = await runInSim(node, 0)
  expect(result).toMatchObject({
    status: 'failed',
    feedback: 'iteration 2 failed: out of ink',
    error: { code: 'E_ITERATION_FAILED', cause: { message: 'out of ink' } },
    attempts: 1,
    latencyMs: 5,
    metadata: { exitReason: 'body_failed', iterations: 1, stepAttempts: 5 },
    totals: { attempts: 5, steps: 4 },
    context: { seen: [0] },
  })
  expect(result.children['2']?.children['check']).toMatchObject({ status: 'failed', attempts: 2 })
  expect(audit.records.at(-1)).toMatchObject({ kind: 'run-finished', attempts: 5 })
})

const boom = (): never => {
  throw new Error('boom')
}
const failures: readonly (readonly [what: string, options: object, reason: string, feedback: string])[] = [
  ['`until` throws', { until: boom }, 'until_failed', "`until` of loop 'count' threw: boom"],
  [
    '`until` rejects with undefined',
    { until: () => Promise.reject(undefined) },
    'until_failed',
    'threw: undefined',
  ],
  [
    '`until` gives no boolean',
    { until: () => 1 },
    'until_failed',
    "`until` of loop 'count' to give true or false, got 1",
  ],
  [
    '`initialInput` throws',
    { initialInput: boom },
    'mapper_failed',
    "`initialInput` of loop 'count' threw: boom",
  ],
  ['`nextInput` throws', { nextInput: boom, until: () => false }, 'mapper_failed', '`nextInput` of'],
  ['`output` throws', { output: boom }, 'mapper_failed', '`output` of'],
]
test.for(failures)(
  'a loop fails when %s, and says why it ended',
  async ([, options, exitReason, feedback]) => {
    const node = loop('count', add(), { until: () => true, maxIterations: 3, ...options })
    const { result } = await runInSim(node.fallback(step('backup', () => 7)), 0)
    const [primary] = Object.values(result.children) as [StepResult, StepResult]
    expect(result).toMatchObject({ status: 'completed', output: 7 })
    expect(primary).toMatchObject({
      status: 'failed',
      metadata: { exitReason },
      error: { code: 'E_DECISION' },
    })
    expect(primary.feedback).toContain(feedback)
  },
)

test('what `until` and mappers do to the values they are given changes nothing', async () => {
  const spoil = (list: number[]): void => void list.push(99)
  const node = loop(
    'grow',
    step('grow', (list: number[]) => [...list, list.length]),
    {
      initialInput: (list: number[]) => (spoil(list), [1]),
      until: (list) => (spoil(list), list.length > 4),
      nextInput: (list) => [...list],
      maxIterations: 5,
    },
  )
  const { result } = await runInSim(node, [0])
  expect(result.output).toEqual([1, 1, 2, 3])
})

test('a loop around a loop counts its own iterations, and sums count every attempt', async () => {
  const inner = loop('inner', add(), { until: (n) => n % 3 === 0, maxIterations: 5 })
  const outer = loop('outer', inner, { until: (n) => n >= 6, maxIterations: 5 })
  const node = pipeline('p', outer, add('after'))
  const { result, audit } = await runInSim(node, 0)
  expect(result).toMatchObject({ output: 7, attempts: 7, totals: { attempts: 7, steps: 7 } })
  expect(result.children['outer']).toMatchObject({
    attempts: 2,
    metadata: { iterations: 2, stepAttempts: 6 },
    children: { 1: { attempts: 3 }, 2: { attempts: 3 } },
  })
  expect(audit.records.at(-1)).toMatchObject({ attempts: 7 })
})

test('time that deciding takes is the loop’s', async () => {
  const world = new SimWorld()
  const later = <T>(value: T): Promise<T> =>
    new Promise((resolve) => void world.clock.after(10, 'deciding', () => resolve(value)))
  const node = loop('count', add(), {
    until: (n) => later(n === 2),
    nextInput: (n) => later(n),
    maxIterations: 3,
  })
  const { result, audit } = await runInSim(node, 0, {}, world)
  expect(result).toMatchObject({ latencyMs: 30 })
  const attempts = audit.records.flatMap((record) =>
    record.kind === 'attempt' ? [[record.startedAtMs, record.latencyMs]] : [],
  )
  expect(attempts).toEqual([
    [0, 0],
    [20, 0],
  ])
})

test('an abort between iterations, and while `until` decides, cancels the loop with what it came to', async () => {
  const world = new SimWorld()
  const controller = new AbortController()
  world.clock.after(25, 'the caller', () => controller.abort(new Error('enough')))
  const slow = step('slow', async (n: number, ctx) => (await ctx.sleep(10), n + 1))
  const node = loop('count', slow, {
    until: (n) => (n < 2 ? false : new Promise<never>(() => {})),
    maxIterations: 9,
  })
  const { result, audit } = await runInSim(node, 0, { signal: controller.signal }, world)
  expect(result).toMatchObject({
    status: 'cancelled',
    feedback: 'Cancelled: enough',
    attempts: 2,
    latencyMs: 25,
  })
  expect(result.metadata).not.toHaveProperty('exitReason')
  expect(Object.keys(result.children)).toEqual(['1', '2'])
  expect(audit.conservation().ok).toBe(true)
})

test('a loop that never waits lets others have a turn, so that an abort is heard', async () => {
  const controller = new AbortController()
  setImmediate(() => controller.abort())
  const { createEngine } = await import('shakedown')
  const node = loop('spin', add(), { until: () => false, maxIterations: 1_000_000 })
  const result = await createEngine().run(node, 0, { signal: controller.signal })
  expect(result.status).toBe('cancelled')
})

const stop = (kind: 'pause' | 'quota' | 'configuration') =>
  step('stop', (n: number): number => {
    if (n === 1) throw new ControlSignal(kind, 'E_STOP', 'no further')
    return n + 1
  })

test('a pause in an iteration pauses the loop, which gives no reason, and starts no fallback', async () => {
  const node = loop('l', stop('pause'), { until: () => false, maxIterations: 5 })
  const { result } = await runInSim(node.fallback(add()), 0)
  expect(result).toMatchObject({ status: 'paused', children: { primary: { attempts: 1 } } })
  expect(result.children['primary']?.metadata).toEqual({ iterations: 1, stepAttempts: 2 })
})

test('an exceeded quota is the reason of a loop that it ended, and reaches the caller', async () => {
  const node = loop('l', stop('quota'), { until: () => false, maxIterations: 5 })
  await expect(runInSim(node, 0)).rejects.toMatchObject({
    result: { status: 'failed', metadata: { exitReason: 'quota_exceeded', iterations: 1 } },
  })
})

test('everything wrong with a loop is told at once, and where', () => {
  const wrong = (): unknown =>
    loop('l', {} as never, { until: 7, maxIterations: 0, nextinput: 1, output: 'x' } as never)
  expect(wrong).toThrow(ConfigurationError)
  for (const text of [
    "Expected the body of loop 'l' to be a node",
    "Expected `until` of loop 'l' to be valid: expected a function",
    "Expected `maxIterations` of loop 'l' to be valid",
    "Expected `output` of loop 'l'",
    "Unknown option `nextinput` of loop 'l'. Did you mean `nextInput`?",
  ])
    expect(wrong).toThrow(text)
  expect(() => loop('l', add(), undefined as never)).toThrow("Expected the options of loop 'l'")
  expect(() => loop('l', add(), { until: () => true, maxIterations: 1e9 })).toThrow('`maxIterations`')
})
