import {
  createEngine,
  createRegistry,
  functionAdapter,
  memoryAudit,
  parallel,
  route,
  routeFacts,
  step,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { TappedAudit } from '../../../harness/run/tapped-audit.ts'

const down = (name: string, ms = 0) =>
  functionAdapter(name, async (_: unknown, { clock }): Promise<string> => {
    await new Promise<void>((resolve) => void clock.after(ms, name, resolve))
    throw new Error(`${name} is down`)
  })
const up = (name: string) => functionAdapter(name, async () => name)

/** Tasks one after the other, or whatever `work` does with the engine, in virtual time. */
async function inWorld<T>(work: (engine: ReturnType<typeof createEngine>, world: SimWorld) => Promise<T>) {
  const world = new SimWorld()
  const audit = new TappedAudit(memoryAudit())
  const done = work(createEngine({ world, audit }), world)
  await drive(world, done)
  await drain(world)
  const events = audit.records.flatMap((record) =>
    record.kind === 'event' && record.event === 'breaker'
      ? [[record.detail['from'], record.detail['to'], record.atMs]]
      : [],
  )
  return { result: await done, events, world, audit }
}
const wait = (world: SimWorld, ms: number) =>
  new Promise<void>((resolve) => void world.clock.after(ms, 'wait', resolve))

test('five failures in a row open it: the remaining attempts are not made, and an open adapter costs no delay', async () => {
  const registry = createRegistry([down('prefect'), up('agno')])
  const node = route('ask', { adapters: registry })
  const { result, world } = await inWorld(async (engine) => [
    await engine.run(node, {}),
    await engine.run(node, {}),
    await engine.run(node, {}),
  ])
  const [, second, third] = result.map((each) => routeFacts(each))
  // Three attempts in the first task, 300 ms; two in the second, 100 ms; then none.
  expect(second).toMatchObject({ fallbackChain: ['prefect', 'agno'], totalAttempts: 3 })
  expect(third).toMatchObject({
    fallbackChain: ['agno'],
    totalAttempts: 1,
    skipped: [{ adapter: 'prefect', reason: 'its circuit breaker is open for 60000 ms more' }],
  })
  expect(world.clock.monotonicMs()).toBe(400)
  expect(registry.breakers(world)).toEqual({
    prefect: { kind: 'open', untilMs: 60_400 },
    agno: { kind: 'closed', failures: 0 },
  })
})

test('after the cool-down one probe is made, which opens it again when it fails', async () => {
  const registry = createRegistry([down('prefect'), up('agno')], {
    breaker: { failuresMax: 1, coolDownMs: 1_000 },
  })
  const node = route('ask', { adapters: registry })
  const { result, events } = await inWorld(async (engine, world) => {
    await engine.run(node, {})
    await wait(world, 1_000)
    return await engine.run(node, {})
  })
  expect(routeFacts(result)).toMatchObject({ fallbackChain: ['prefect', 'agno'], totalAttempts: 2 })
  expect(events).toEqual([
    ['closed', 'open', 0],
    ['open', 'half-open', 0],
    ['half-open', 'open', 0],
  ])
})

test('one probe at a time: the others go on to the next adapter meanwhile', async () => {
  let calls = 0
  const slow = functionAdapter('slow', async (_: unknown, { clock }) => {
    calls++
    await new Promise<void>((resolve) => void clock.after(50, 'slow', resolve))
    if (calls === 1) throw new Error('once')
    return 'slow'
  })
  const registry = createRegistry([slow, up('agno')], { breaker: { failuresMax: 1, coolDownMs: 1_000 } })
  const node = route('ask', { adapters: registry })
  const both = parallel('both', { a: node, b: route('other', { adapters: registry }) })
  const { result, events } = await inWorld(async (engine, world) => {
    await engine.run(node, {})
    await wait(world, 1_000)
    return await engine.run(both, {})
  })
  expect(result.output).toEqual({ a: 'slow', b: 'agno' })
  expect(result.children['b']?.metadata['skipped']).toEqual([
    { adapter: 'slow', reason: 'its circuit breaker waits for a probe' },
  ])
  expect(events.map(([from, to]) => [from, to].join(' → '))).toEqual([
    'closed → open',
    'open → half-open',
    'half-open → closed',
  ])
})

test('opening ends the waits of other tasks at that adapter at once', async () => {
  const registry = createRegistry([down('prefect', 10), up('agno')], {
    breaker: { failuresMax: 2, coolDownMs: 60_000 },
  })
  const task = (name: string) => route(name, { adapters: registry, backoff: { baseMs: 10_000 } })
  const { result, world } = await inWorld(async (engine) =>
    engine.run(parallel('two', { a: task('a'), b: task('b') }), {}),
  )
  expect(result.output).toEqual({ a: 'agno', b: 'agno' })
  expect(world.clock.monotonicMs()).toBe(10)
})

test('a probe that is aborted leaves the next one free', async () => {
  const hangs = functionAdapter('hangs', () => new Promise<string>(() => {}))
  const registry = createRegistry([hangs], { breaker: { failuresMax: 1, coolDownMs: 100 } })
  const node = route('ask', { adapters: registry, timeoutMs: 1_000, maxAttempts: 1 })
  const { world } = await inWorld(async (engine, sim) => {
    await engine.run(node, {})
    await wait(sim, 100)
    const controller = new AbortController()
    sim.clock.after(50, 'leave', () => controller.abort())
    return await engine.run(node, {}, { signal: controller.signal })
  })
  expect(registry.breakers(world)['hangs']).toEqual({ kind: 'half-open', probing: false })
})

test('a registry without circuit breakers never skips for them', async () => {
  const registry = createRegistry([down('prefect')], { breaker: false })
  const node = route('ask', { adapters: registry }).fallback(step('backup', () => 'by hand'))
  const { result } = await inWorld(async (engine) => {
    for (let i = 0; i < 3; i++) await engine.run(node, {})
    return await engine.run(node, {})
  })
  expect(result).toMatchObject({ output: 'by hand', attempts: 4 })
  expect(registry.breakers()).toEqual({})
})
