import * as z from 'zod'
import {
  approval,
  ConfigurationError,
  createEngine,
  type ItemResult,
  parallel,
  pipeline,
  step,
} from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { runAllInSim } from './all-in-sim.ts'

const double = step('double', (n: number) => {
  if (n < 0) throw new Error(`${n} is below 0`)
  return n * 2
})
test('chunks of a stream are shown, as those of a single run are', async () => {
  const seen: unknown[] = []
  const streaming = step('s', async function* (n: number) {
    yield n
    yield n * 10
  })
  await createEngine({ world: new SimWorld() }).runAll(streaming, [1, 2], {
    concurrency: 1,
    onChunk: ({ chunk }) => seen.push(chunk),
  })
  expect(seen).toEqual([1, 10, 2, 20])
})

const slow = (ms: number) =>
  step('slow', async (n: number, ctx) => {
    await ctx.sleep(ms)
    ctx.meter({ tokens: 1 })
    return n
  })

test('each item is a token of one run, with a result of its own', async () => {
  const { result, fates, audit } = await runAllInSim(double, [1, 2, 3])
  expect(result).toMatchObject({
    runId: 'run-1',
    status: 'completed',
    success: true,
    feedback: null,
    error: null,
    totals: { items: 3, completed: 3, failed: 0, cancelled: 0, coalesced: 0, steps: 3, attempts: 3 },
    joins: [],
  })
  expect(result.items.map(({ item, index, result: { output } }) => [item, index, output])).toEqual([
    ['0', 0, 2],
    ['1', 1, 4],
    ['2', 2, 6],
  ])
  expect(fates).toEqual({ t1: 'forked', 0: 'completed', 1: 'completed', 2: 'completed' })
  expect(audit.runs()).toMatchObject([{ pipeline: 'double', status: 'completed', attempts: 3 }])
})

test('an item that fails is named, and the others go on', async () => {
  const { result, fates } = await runAllInSim(double, [1, -2, 3], { key: (n) => `n${n}` })
  expect(result).toMatchObject({
    status: 'failed',
    success: false,
    feedback: "1 of 3 items failed: 'n-2': -2 is below 0",
    error: null,
    totals: { completed: 2, failed: 1 },
  })
  expect(fates).toMatchObject({ n1: 'completed', 'n-2': 'failed', n3: 'completed' })
})

test('no more items are worked on at once than may be, and none is taken before there is room', async () => {
  let taken = 0
  let atOnce = 0
  let most = 0
  const node = step('slow', async (n: number, ctx) => {
    most = Math.max(most, ++atOnce)
    await ctx.sleep(10)
    atOnce--
    return n
  })
  function* source(): Generator<number> {
    while (taken < 10) {
      taken++
      expect(taken - atOnce).toBeLessThanOrEqual(10)
      yield taken
    }
  }
  const seen: number[] = []
  const { result, world } = await runAllInSim(node, source(), {
    concurrency: 3,
    onItem: () => void seen.push(taken),
  })
  expect(most).toBe(3)
  expect(world.clock.monotonicMs()).toBe(40)
  expect(result.totals.items).toBe(10)
  // Three are at work when the first ends, and the fourth is not taken yet.
  expect(seen[0]).toBe(3)
})

test('`onItem` has every result and holds its place; only so many are kept', async () => {
  const ended: ItemResult<number>[] = []
  const { result, world } = await runAllInSim(slow(10), [1, 2, 3, 4], {
    concurrency: 1,
    keepResults: 2,
    onItem: (each) => {
      ended.push(each)
    },
  })
  expect(ended.map(({ result: { output } }) => output)).toEqual([1, 2, 3, 4])
  expect(result.items.map(({ item }) => item)).toEqual(['0', '1'])
  expect(result.totals).toMatchObject({ items: 4, usage: { tokens: 4 }, latencyMs: 40 })
  expect(world.clock.monotonicMs()).toBe(40)
})

test('a source that fails ends the run, with what was done', async () => {
  async function* source(): AsyncGenerator<number> {
    yield 1
    yield 2
    throw new Error('the queue is gone')
  }
  const { result } = await runAllInSim(slow(10), source())
  expect(result).toMatchObject({
    status: 'failed',
    feedback: 'The source failed after 2 items: the queue is gone',
    error: { message: 'the queue is gone' },
    totals: { items: 2, completed: 2 },
  })
  const unreadable = {
    [Symbol.iterator]: () => {
      throw new Error('no iterator')
    },
  } as Iterable<number>
  const none = await runAllInSim(double, unreadable)
  expect(none.result).toMatchObject({ status: 'failed', feedback: 'The source cannot be read: no iterator' })
  expect(none.fates).toEqual({ t1: 'failed' })
})

test('a source without items is done at once', async () => {
  const { result, fates } = await runAllInSim(double, [])
  expect(result).toMatchObject({ status: 'completed', totals: { items: 0 } })
  expect(fates).toEqual({ t1: 'completed' })
})

test('an abort cancels what is on its way, takes no more, and closes the source', async () => {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(25, 'the caller', () => controller.abort(new Error('enough')))
  let closed = 0
  function* source(): Generator<number> {
    try {
      for (let n = 0; ; n++) yield n
    } finally {
      closed++
    }
  }
  const { result, fates } = await runAllInSim(
    slow(10),
    source(),
    { signal: controller.signal, concurrency: 2 },
    world,
  )
  expect(result).toMatchObject({
    status: 'cancelled',
    feedback: 'Cancelled: enough',
    totals: { items: 6, completed: 4, cancelled: 2, latencyMs: 25 },
  })
  expect(fates).toMatchObject({ 4: 'cancelled', 5: 'cancelled' })
  expect(closed).toBe(1)
})

test('an abort does not wait for a source that gives nothing', async () => {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(5, 'the caller', () => controller.abort(new Error('enough')))
  let closed = 0
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => {
        closed++
        return new Promise(() => {})
      },
    }),
  }
  const { result } = await runAllInSim(double, source, { signal: controller.signal }, world)
  expect(result).toMatchObject({ status: 'cancelled', totals: { items: 0 } })
  expect(closed).toBe(1)
  const before = await runAllInSim(double, [1], { signal: AbortSignal.abort(new Error('too late')) })
  expect(before.result).toMatchObject({
    status: 'cancelled',
    feedback: 'Cancelled: too late',
    totals: { items: 0 },
  })
})

test('a control signal ends the run at once, and carries what was done', async () => {
  const node = step('strict', async (n: number, ctx) => {
    await ctx.sleep(n)
    if (n === 20) throw new ConfigurationError('no model is configured')
    return n
  })
  const running = runAllInSim(node, [10, 20, 500])
  await expect(running).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: 'no model is configured',
    result: { status: 'failed', totals: { items: 3, completed: 1, failed: 1, cancelled: 1 } },
  })
})

test('what a user’s function throws fails its item, or ends the run, and never the engine', async () => {
  const key = await runAllInSim(double, [1, 2], {
    key: (n) => {
      if (n === 2) throw new Error('no key')
      return n
    },
  })
  expect(key.result).toMatchObject({ feedback: "1 of 2 items failed: '1': no key", totals: { completed: 1 } })
  const onItem = await runAllInSim(slow(10), [1, 2, 3, 4], {
    concurrency: 1,
    onItem: () => Promise.reject(new Error('disk full')),
  })
  expect(onItem.result).toMatchObject({
    status: 'failed',
    feedback: '`onItem` failed: disk full',
    totals: { items: 1 },
  })
})

test('items have contexts of their own, which begin with that of the run', async () => {
  const node = pipeline(
    'p',
    step('write', (n: number, { context }) => context.append('seen', n)),
    step('read', (_, { context }) => context.get('seen')),
  )
  const { result } = await runAllInSim(node, [1, 2], { context: { seen: [0] } })
  expect(result.items.map(({ result: { output } }) => output)).toEqual([
    [0, 1],
    [0, 2],
  ])
})

test('an item may fork, and a source may give promises', async () => {
  const both = parallel('both', { a: double, b: slow(5) })
  const { result } = await runAllInSim(both, [Promise.resolve(1), 2] as never)
  expect(result.items.map(({ result: { output } }) => output)).toEqual([
    { a: 2, b: 1 },
    { a: 4, b: 2 },
  ])
})

test('an approval, which many items cannot wait for, is refused', async () => {
  const node = pipeline('p', double, approval('ok', { message: 'Go on?', schema: z.boolean() }))
  await expect(createEngine().runAll(node, [1])).rejects.toThrow('to have no approval in it')
})

test.for<[what: string, source: unknown, options: object, message: string]>([
  ['a text', 'abc', {}, 'a list, a generator or another iterable of items, got "abc".'],
  ['a number', 7, {}, 'got 7.'],
  ['no places', [1], { concurrency: 0 }, '`concurrency` of engine.runAll'],
  [
    'an unknown option',
    [1],
    { concurency: 2 },
    'Unknown option `concurency` of engine.runAll. Did you mean `concurrency`?',
  ],
  [
    'no function',
    [1],
    { onItem: 'log' },
    '`onItem` of engine.runAll to be valid: expected a function; got "log".',
  ],
])('%s is refused', async ([, source, options, message]) => {
  await expect(createEngine().runAll(double, source as never, options)).rejects.toThrow(message)
})
