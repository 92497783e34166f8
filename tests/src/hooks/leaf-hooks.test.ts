import {
  AbortSignalled,
  approval,
  createEngine,
  functionAdapter,
  type Hooks,
  memoryAudit,
  pipeline,
  route,
  routeFacts,
  step,
  withHooks,
} from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import * as z from 'zod'

const works = (name: string) => functionAdapter(name, async (_: number) => `done by ${name}`)
const broken = (name: string) =>
  functionAdapter(name, async (_: number): Promise<string> => {
    throw new Error('Connection timeout')
  })

function noting(): { readonly hooks: Hooks; readonly calls: string[] } {
  const calls: string[] = []
  const hooks: Hooks = {
    preStep: ({ path, step: name, input }) => void calls.push(`preStep ${path} ${name} ${String(input)}`),
    postStep: ({ path, result }) => void calls.push(`postStep ${path} ${result.attempts}`),
    onStepFailure: ({ path, result }) => void calls.push(`onStepFailure ${path} ${result.feedback}`),
  }
  return { hooks, calls }
}

async function run(node: Parameters<ReturnType<typeof createEngine>['run']>[0], hooks: Hooks) {
  const world = new SimWorld()
  const audit = memoryAudit()
  const running = createEngine({ world, audit, hooks }).run(node, 7 as never)
  await drive(world, running)
  return { result: await running, audit }
}

test('a task at an adapter is a step to hooks: one call of each, whatever number of attempts', async () => {
  const { hooks, calls } = noting()
  const node = route('ask', { adapters: [broken('prefect'), works('agno')] })
  const { result } = await run(withHooks(pipeline('p', node), hooks), {})
  expect(result).toMatchObject({ status: 'completed', attempts: 4 })
  expect(calls).toEqual([
    'preStep p/ask/prefect prefect 7',
    'onStepFailure p/ask/prefect Connection timeout',
    'preStep p/ask/agno agno 7',
    'postStep p/ask/agno 1',
  ])
})

test('an adapter that its circuit breaker keeps the task from is no step', async () => {
  const { hooks, calls } = noting()
  const node = route('ask', {
    adapters: [broken('prefect'), works('agno')],
    maxAttempts: 1,
    breaker: { failuresMax: 1 },
  })
  await run(
    pipeline(
      'p',
      pipeline('first', node),
      step('back', () => 7),
      pipeline('second', node),
    ),
    hooks,
  )
  expect(calls.filter((call) => call.includes('prefect'))).toEqual([
    'preStep p/first/ask/prefect prefect 7',
    'onStepFailure p/first/ask/prefect Connection timeout',
  ])
})

test('a hook that aborts before a task gives it to nobody', async () => {
  const given: number[] = []
  const takes = functionAdapter('agno', async (task: number) => void given.push(task))
  const node = route('ask', { adapters: [takes] })
  const abort = (): never => {
    throw new AbortSignalled(new Error('not on Sundays'))
  }
  const { result, audit } = await run(node, { preStep: abort })
  expect(result).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: not on Sundays', attempts: 0 })
  expect(given).toEqual([])
  expect(audit.conservation().ok).toBe(true)
})

test('a hook that aborts after a task cancels the run, which still says what its route did', async () => {
  const { result, audit } = await run(route('ask', { adapters: [works('agno')] }), {
    postStep: () => {
      throw new AbortSignalled(new Error('enough'))
    },
  })
  expect(result).toMatchObject({ status: 'cancelled', attempts: 1 })
  expect(routeFacts(result)).toMatchObject({
    fallbackChain: ['agno'],
    attempts: [{ adapter: 'agno', attempt: 1, status: 'completed' }],
  })
  const rows = audit.trail(result.runId)?.stepRows ?? []
  expect([...rows].map(({ node, status }) => [node, status])).toEqual([
    ['adapter', 'cancelled'],
    ['route', 'cancelled'],
  ])
})

test('time that hooks take is not the adapter’s', async () => {
  const world = new SimWorld()
  const slow = (): Promise<void> => new Promise((resolve) => void world.clock.after(500, 'hook', resolve))
  const engine = createEngine({ world, hooks: { preStep: slow, postStep: slow } })
  const running = engine.run(route('ask', { adapters: [works('agno')] }), 7)
  await drive(world, running)
  expect((await running).children['agno']).toMatchObject({ latencyMs: 0 })
})

test('an approval does no work, so no hook is called for it; preRun and postRun are called for its run once', async () => {
  const { hooks, calls } = noting()
  const runs: string[] = []
  const node = pipeline(
    'p',
    step('a', (n: number) => n + 1),
    approval('ok', { message: 'Go on?', schema: z.number() }),
    step('b', (n: number) => n + 1),
  )
  const engine = createEngine({
    audit: memoryAudit(),
    hooks: {
      ...hooks,
      preRun: () => void runs.push('preRun'),
      postRun: ({ result }) => void runs.push(`postRun ${result.status}`),
    },
  })
  const paused = await engine.run(node, 7)
  expect(runs).toEqual(['preRun'])
  expect(await engine.resume(paused.runId, 40)).toMatchObject({ status: 'completed', output: 41 })
  expect(calls).toEqual(['preStep p/a a 7', 'postStep p/a 1', 'preStep p/b b 40', 'postStep p/b 1'])
  expect(runs).toEqual(['preRun', 'postRun completed'])
})
