import {
  createEngine,
  createRegistry,
  functionAdapter,
  memoryAudit,
  parallel,
  route,
  routeFacts,
} from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'

const slow = (name: string) =>
  functionAdapter(name, async (_: unknown, { clock }) => {
    await new Promise<void>((resolve) => void clock.after(100, name, resolve))
    return name
  })

test('least-loaded gives a task to the adapter with the fewest calls in flight, and an order for the task alone stays', async () => {
  const adapters = createRegistry([slow('a'), slow('b'), slow('c')])
  const task = (name: string, more: object = {}) =>
    route(name, { adapters, strategy: 'least-loaded', ...more })
  const node = parallel('all', {
    first: task('1'),
    second: task('2'),
    third: task('3'),
    fixed: task('4', { order: ['a'] }),
  })
  const world = new SimWorld()
  const running = createEngine({ world }).run(node, {})
  await drive(world, running)
  expect((await running).output).toEqual({ first: 'a', second: 'b', third: 'c', fixed: 'a' })
  const again = createEngine({ world }).run(node, {})
  await drive(world, again)
  expect((await again).output).toEqual({ first: 'a', second: 'b', third: 'c', fixed: 'a' })
})

/** The adapter of each of 60 tasks, of which the first one declared fails at half. */
async function adaptive(seed: number, audit = memoryAudit(), tasks = 60) {
  const world = new SimWorld({ seed })
  const engine = createEngine({ world, audit })
  let calls = 0
  const flaky = functionAdapter('flaky', () => {
    if (++calls % 2 === 0) throw new Error('even')
    return 'flaky'
  })
  const adapters = createRegistry([flaky, functionAdapter('steady', () => 'steady')], { breaker: false })
  const node = route('ask', { adapters, strategy: 'adaptive', explorationShare: 0.2, maxAttempts: 1 })
  const first: string[] = []
  const running = (async () => {
    for (let n = 0; n < tasks; n++)
      first.push(routeFacts(await engine.run(node, { n }, { runId: `${seed}-${n}` }))?.order[0] ?? '')
  })()
  await drive(world, running)
  await running
  return { first, audit }
}

test('adaptive puts the better adapter first once enough is known, now and then another one, by the seed of the world', async () => {
  const { first } = await adaptive(1)
  const share = (from: number, to: number) =>
    first.slice(from, to).filter((name) => name === 'steady').length / (to - from)
  // Nothing is known of the second one yet, so that only exploration begins with it.
  expect(share(0, 15)).toBeLessThan(0.5)
  expect(share(45, 60)).toBeGreaterThan(0.6)
  expect((await adaptive(1)).first).toEqual(first)
  expect((await adaptive(2)).first).not.toEqual(first)
})

test('what an audit trail knows counts from the first task on', async () => {
  const { audit } = await adaptive(1)
  const { first } = await adaptive(3, audit, 10)
  expect(first.filter((name) => name === 'steady').length).toBeGreaterThan(5)
})
