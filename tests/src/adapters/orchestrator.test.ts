import {
  createEngine,
  createOrchestrator,
  createRegistry,
  functionAdapter,
  memoryAudit,
  pipeline,
  route,
  step,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Takes 100 ms for each task, and fails at those that are bad. */
const slow = (name: string, bad: readonly number[] = []) => {
  const seen = { now: 0, most: 0 }
  const adapter = functionAdapter(name, async ({ n }: { n: number }, { clock }) => {
    seen.now++
    seen.most = Math.max(seen.most, seen.now)
    await new Promise<void>((resolve) => void clock.after(100, name, resolve))
    seen.now--
    if (bad.includes(n)) throw new Error(`${name} cannot do ${n}`)
    return `${n} by ${name}`
  })
  return { adapter, seen }
}
const tasks = (count: number) => Array.from({ length: count }, (_, index) => ({ n: index + 1 }))

async function orchestrated(
  count: number,
  adapters: Parameters<typeof createRegistry>[0],
  more: object = {},
  signal?: (world: SimWorld) => AbortSignal,
) {
  const world = new SimWorld()
  const audit = memoryAudit()
  const engine = createEngine({ world, audit })
  const router = route('ask', { adapters: createRegistry(adapters, { breaker: false }), maxAttempts: 1 })
  const running = createOrchestrator(engine, router, { name: 'nightly', ...more }).execute({
    tasks: tasks(count) as never[],
    workflowId: 'w',
    ...(signal === undefined ? {} : { signal: signal(world) }),
  })
  await drive(world, running)
  await drain(world)
  return { result: await running, audit, atMs: world.clock.monotonicMs() }
}

test('many tasks, as many at once as there may be, and the chain of each is kept in the state of the workflow', async () => {
  const { adapter, seen } = slow('prefect', [2])
  const { result, audit, atMs } = await orchestrated(5, [adapter, slow('agno').adapter], { concurrency: 2 })
  expect(result).toMatchObject({
    workflowId: 'w',
    status: 'completed',
    success: true,
    totalAttempts: 6,
    feedback: null,
  })
  expect(result.tasks).toMatchObject([
    { task: 1, runId: 'w.1', adapter: 'prefect', result: '1 by prefect', fallbackChain: ['prefect'] },
    { task: 2, runId: 'w.2', adapter: 'agno', fallbackChain: ['prefect', 'agno'], totalAttempts: 2 },
    { task: 3 },
    { task: 4 },
    { task: 5 },
  ])
  expect([seen.most, atMs]).toEqual([2, 300])
  expect(audit.runs({ pipeline: 'nightly' })).toMatchObject([
    { runId: 'w', status: 'completed', attempts: 1 },
  ])
  expect(audit.runs({ runIdPrefix: 'w.' })).toHaveLength(5)
  expect(JSON.parse(audit.trail('w')?.output?.json ?? '')).toEqual(result.tasks)
})

test('a workflow is failed when one of its tasks was done by no adapter, and its state is kept all the same', async () => {
  const { result, audit } = await orchestrated(3, [slow('prefect', [2]).adapter, slow('agno', [2]).adapter])
  expect(result).toMatchObject({ status: 'failed', success: false })
  expect(result.feedback).toBe(
    '1 of 3 tasks failed; task 2: all adapters failed: prefect: prefect cannot do 2; agno: agno cannot do 2',
  )
  expect(result.tasks.map(({ success }) => success)).toEqual([true, false, true])
  expect(audit.runs({ pipeline: 'nightly' })).toMatchObject([{ runId: 'w', status: 'failed' }])
  const [attempt] = audit.trail('w')?.attemptRows ?? []
  expect(JSON.parse(attempt?.output?.json ?? '')).toMatchObject([
    { task: 1 },
    { task: 2, fallbackChain: ['prefect', 'agno'] },
    {},
  ])
})

test('an abort ends what is going on and begins nothing more', async () => {
  const { adapter } = slow('prefect')
  const leaving = (world: SimWorld) => {
    const controller = new AbortController()
    world.clock.after(150, 'leave', () => controller.abort(new Error('gone')))
    return controller.signal
  }
  const { result, audit } = await orchestrated(6, [adapter], { concurrency: 2 }, leaving)
  expect(result.status).toBe('cancelled')
  expect(result.tasks.map(({ status }) => status)).toEqual([
    'completed',
    'completed',
    'cancelled',
    'cancelled',
  ])
  expect(audit.conservation().ok).toBe(true)
})

test('a pipeline around a route is a router, too', async () => {
  const engine = createEngine()
  const router = pipeline(
    'p',
    route('ask', { adapters: [functionAdapter('a', (n: number) => n + 1)] }),
    step('s', (n) => n * 2),
  )
  const { tasks: states } = await createOrchestrator(engine, router).execute({ tasks: [1, 2] })
  expect(states).toMatchObject([
    { result: 4, adapter: 'a' },
    { result: 6, adapter: 'a' },
  ])
})

test('what can never work is said at once', async () => {
  const router = step('s', (n: number) => n)
  expect(() => createOrchestrator({} as never, router, { concurency: 1 } as never)).toThrow(
    /Did you mean `concurrency`[\s\S]*an engine made by createEngine/,
  )
  await expect(createOrchestrator(createEngine(), router).execute({ tasks: [] })).rejects.toThrow(
    'a list of 1 to 100000 tasks',
  )
  await expect(
    createOrchestrator(createEngine(), router).execute({ tasks: [1], workflowID: 'w' } as never),
  ).rejects.toThrow('Did you mean `workflowId`')
})
