import {
  type Adapter,
  createEngine,
  createRegistry,
  functionAdapter,
  parallel,
  route,
  routeFacts,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'

const adapter = (name: string, health?: Adapter['health']) =>
  functionAdapter(name, async () => name, health === undefined ? {} : { health })

/** Two runs of a route, with a wait between them; what they did and how long it took. */
async function twice(adapters: readonly Adapter[], health: object | true, waitMs = 0) {
  const world = new SimWorld()
  const engine = createEngine({ world })
  const node = route('ask', { adapters: createRegistry(adapters, { health }) })
  const both = (async () => {
    const first = await engine.run(node as never, {})
    await new Promise<void>((resolve) => void world.clock.after(waitMs, 'wait', resolve))
    return [routeFacts(first), routeFacts(await engine.run(node as never, {}))]
  })()
  await drive(world, both)
  await drain(world)
  return { facts: await both, atMs: world.clock.monotonicMs() }
}

test('an unhealthy adapter is skipped without a delay, and a check that throws hurts nobody else', async () => {
  const broken = adapter('broken', () => {
    throw new Error('no route to host')
  })
  const { facts, atMs } = await twice(
    [broken, adapter('sick', async () => false), adapter('well', () => true)],
    true,
  )
  expect(facts[0]).toMatchObject({
    adapter: 'well',
    fallbackChain: ['well'],
    skipped: [
      { adapter: 'broken', reason: 'it is unhealthy: its health check failed: no route to host' },
      { adapter: 'sick', reason: 'it is unhealthy: its health check says that it is not' },
    ],
  })
  expect(atMs).toBe(0)
})

test('a check has its own time, and its answer holds for as long as was said', async () => {
  let asked = 0
  const hangs = adapter('hangs', () => {
    asked++
    return new Promise(() => {})
  })
  const { facts, atMs } = await twice([hangs, adapter('well')], { timeoutMs: 200, ttlMs: 1_000 }, 999)
  expect(facts[1]?.skipped).toEqual([
    { adapter: 'hangs', reason: 'it is unhealthy: its health check timed out after 200 ms' },
  ])
  expect([asked, atMs]).toEqual([1, 1_199])
  await twice([hangs, adapter('well')], { timeoutMs: 200, ttlMs: 1_000 }, 1_000)
  expect(asked).toBe(3)
})

test('tasks that come at once share one check, and an abort ends the wait for it', async () => {
  let asked = 0
  const slow = adapter('slow', async ({ clock }) => {
    asked++
    await new Promise<void>((resolve) => void clock.after(100, 'health', resolve))
  })
  const world = new SimWorld()
  const registry = createRegistry([slow], { health: true })
  const task = (name: string) => route(name, { adapters: registry })
  const engine = createEngine({ world })
  const both = engine.run(parallel('two', { a: task('a'), b: task('b') }), {})
  await drive(world, both)
  expect((await both).output).toEqual({ a: 'slow', b: 'slow' })
  expect(asked).toBe(1)
  const controller = new AbortController()
  const late = engine.run(
    route('c', { adapters: createRegistry([slow], { health: true }) }),
    {},
    { signal: controller.signal },
  )
  world.clock.after(10, 'leave', () => controller.abort(new Error('gone')))
  await drive(world, late)
  expect(await late).toMatchObject({ status: 'cancelled', attempts: 0, latencyMs: 10 })
  await drain(world)
})

test('an adapter without a check is taken for well', async () => {
  const { facts } = await twice([adapter('plain')], true)
  expect(facts[0]?.adapter).toBe('plain')
})
