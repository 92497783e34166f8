import { type AnyNode, pipeline, step, type StepNode } from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const fail = (message: string) => (): never => {
  throw new Error(message)
}

test('a fallback that succeeds completes the composite under the primary’s name, and keeps both results', async () => {
  const node = step('primary', fail('Original error')).fallback(step('backup', () => 'saved'))
  const { result } = await runInSim(node, undefined)
  expect(result).toMatchObject({
    name: 'primary',
    status: 'completed',
    output: 'saved',
    feedback: null,
    metadata: { fallbackTriggered: true, originalError: 'Original error' },
    attempts: 2,
    children: {
      primary: { name: 'primary', status: 'failed', feedback: 'Original error', attempts: 1 },
      fallback: { name: 'backup', status: 'completed', output: 'saved', attempts: 1 },
    },
  })
})

test('when both fail, both texts survive whole, and the error holds both', async () => {
  const node = step('primary', fail('Original error')).fallback(step('backup', fail('Fallback failed')))
  const { result } = await runInSim(node, undefined)
  expect(result).toMatchObject({
    name: 'primary',
    status: 'failed',
    output: undefined,
    feedback: 'Original error: Original error; Fallback error: Fallback failed',
    error: {
      name: 'AggregateError',
      errors: [{ message: 'Original error' }, { message: 'Fallback failed' }],
    },
  })
})

test('a primary that succeeds runs no fallback and says nothing of one', async () => {
  let calls = 0
  const { result } = await runInSim(
    step('primary', () => 'fine').fallback(step('backup', () => String(calls++))),
    undefined,
  )
  expect(calls).toBe(0)
  expect(result.output).toBe('fine')
  expect(result.metadata).not.toHaveProperty('fallbackTriggered')
})

test('a failing step without a fallback says nothing of one', async () => {
  const { result } = await runInSim(step('primary', fail('no')), undefined)
  expect(result.metadata).not.toHaveProperty('fallbackTriggered')
})

test('the fallback runs only after the primary’s last attempt', async () => {
  const order: string[] = []
  const primary = step(
    'primary',
    (): string => {
      order.push('primary')
      throw new Error('no')
    },
    { retries: 2 },
  )
  const { result } = await runInSim(
    primary.fallback(step('backup', () => (order.push('backup'), 'ok'))),
    undefined,
  )
  expect(order).toEqual(['primary', 'primary', 'primary', 'backup'])
  expect(result).toMatchObject({ attempts: 4, latencyMs: 300 })
})

test('the fallback gets the original input, unshared', async () => {
  let seen: unknown
  const input = { topic: 'tides', tags: ['sea'] }
  const primary = step('primary', (given: typeof input): string => {
    given.topic = 'changed'
    given.tags.push('spoiled')
    throw new Error('no')
  })
  await runInSim(primary.fallback(step('backup', (given) => ((seen = given), 'ok'))), input)
  expect(seen).toEqual({ topic: 'tides', tags: ['sea'] })
  expect(input).toEqual({ topic: 'tides', tags: ['sea'] })
})

test('attempts, usage and latency are the sums of both sides', async () => {
  const paid = (name: string, ok: boolean) =>
    step(name, async (_: undefined, ctx) => {
      ctx.meter({ costUsd: 0.2, tokens: 23 })
      await ctx.sleep(40)
      if (!ok) throw new Error(name)
      return name
    })
  const { result } = await runInSim(paid('primary', false).fallback(paid('backup', true)), undefined)
  expect(result).toMatchObject({ attempts: 2, latencyMs: 80, usage: { costUsd: 0.4, tokens: 46 } })
})

test('a chain goes on until one succeeds', async () => {
  const node = step('a', fail('A')).fallback(
    step('b', fail('B')),
    step('c', () => 'C'),
  )
  const { result } = await runInSim(node, undefined)
  expect(result).toMatchObject({ output: 'C', attempts: 3 })
  expect(result.children['fallback']).toMatchObject({ name: 'b', metadata: { fallbackTriggered: true } })
})

test('ten fallbacks are a chain, eleven are too many, and neither throws', async () => {
  const chain = (length: number) => {
    const [first, ...rest] = Array.from({ length: length + 1 }, (_, index) =>
      step(`s${index}`, fail(`e${index}`)),
    )
    return first!.fallback(...(rest as [StepNode<unknown, never>]))
  }
  const ten = (await runInSim(chain(10), undefined)).result
  expect(ten).toMatchObject({ status: 'failed', attempts: 11 })
  const eleven = (await runInSim(chain(11), undefined)).result
  expect(eleven).toMatchObject({
    status: 'failed',
    attempts: 0,
    feedback: 'Fallback chain exceeded maximum length (10)',
  })
})

test('a chain built link by link gives the result of the chain given at once', async () => {
  const link = (name: string) => step(name, fail(name))
  const atOnce = await runInSim(link('a').fallback(link('b'), link('c'), link('d')), undefined)
  const byLink = await runInSim(
    link('a').fallback(link('b')).fallback(link('c')).fallback(link('d')),
    undefined,
  )
  const plain = (result: unknown): unknown =>
    JSON.parse(JSON.stringify(result, (key, value: unknown) => (key === 'stack' ? '' : value)))
  expect(plain(byLink.result)).toEqual(plain(atOnce.result))
  expect(byLink.audit.records.flatMap((record) => (record.kind === 'step' ? [record.path] : []))).toEqual(
    atOnce.audit.records.flatMap((record) => (record.kind === 'step' ? [record.path] : [])),
  )
})

test.for<[string, (a: StepNode<unknown, string>, b: StepNode<unknown, string>) => AnyNode]>([
  ['in the fallback', (a, b) => a.fallback(pipeline('p', b, a))],
  ['deep in the fallback', (a, b) => a.fallback(pipeline('p', b.fallback(pipeline('q', a))))],
  ['in a later link', (a, b) => a.fallback(b).fallback(pipeline('p', pipeline('q', a)))],
])('a loop through a nested pipeline is found before any step runs: %s', async ([, build]) => {
  let calls = 0
  const count = (name: string) =>
    step(name, (_: unknown): string => {
      calls++
      throw new Error('no')
    })
  const { result } = await runInSim(build(count('a'), count('b')), undefined as never)
  expect(result).toMatchObject({
    status: 'failed',
    feedback: "Fallback loop detected for step 'a'",
    error: { code: 'E_FALLBACK_CHAIN' },
  })
  expect(calls).toBe(0)
})

test('a step that two fallbacks share is no loop: it has not failed for the first', async () => {
  const load = step('load', (n: number) => n + 1)
  const bad = step('bad', fail('bad'))
  const node = step('a', (_: number): number => fail('A')()).fallback(
    pipeline('p', load, bad),
    pipeline(
      'q',
      load,
      step('good', (n) => n * 10),
    ),
  )
  const { result } = await runInSim(node, 1)
  expect(result).toMatchObject({ status: 'completed', output: 20 })
})

test('a step that is its own fallback is found before it runs twice', async () => {
  let calls = 0
  const a = step('a', (): string => {
    calls++
    throw new Error('no')
  })
  const { result } = await runInSim(a.fallback(step('b', fail('B')), a), undefined)
  expect(result).toMatchObject({ status: 'failed', feedback: "Fallback loop detected for step 'a'" })
  expect(calls).toBeLessThan(2)
})

test('a pipeline can be the fallback', async () => {
  const backup = pipeline(
    'backup',
    step('one', (n: number) => n + 1),
    step('two', (n) => n * 10),
  )
  const { result } = await runInSim(step('primary', (_: number): number => fail('no')()).fallback(backup), 4)
  expect(result).toMatchObject({ output: 50, attempts: 3 })
})

test('an abort during the primary starts no fallback', async () => {
  let calls = 0
  const controller = new AbortController()
  const primary = step('primary', (): string => {
    controller.abort()
    throw new Error('no')
  })
  const { result } = await runInSim(primary.fallback(step('backup', () => String(calls++))), undefined, {
    signal: controller.signal,
  })
  expect(result.status).toBe('cancelled')
  expect(calls).toBe(0)
})
