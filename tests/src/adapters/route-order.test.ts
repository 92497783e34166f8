import {
  type Adapter,
  type AnyNode,
  createRegistry,
  functionAdapter,
  route,
  routeFacts,
  step,
} from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

type Task = Readonly<Record<string, unknown>>

const works = (name: string, more: Partial<Adapter> = {}) =>
  functionAdapter(name, async () => `done by ${name}`, more)

const orders = { ai_task: ['Agno', 'prefect', ' AGNO '], workflow: ['prefect'] }
const systems = () => createRegistry([works('prefect'), works('agno'), works('llamaindex')], { orders })
const chain = async (task: Task, more: object = {}) => {
  const { result } = await runInSim(
    route('ask', { adapters: systems(), ...more }) as never as AnyNode,
    task as never,
  )
  return routeFacts(result)
}

test('the order is that of the call, else of the task type, else of workflow, and names count once', async () => {
  expect(await chain({ type: 'ai_task' })).toMatchObject({ order: ['agno', 'prefect'], taskType: 'ai_task' })
  expect(await chain({ type: 'who knows' })).toMatchObject({ order: ['prefect'] })
  expect(await chain({})).toMatchObject({ order: ['prefect'] })
  expect(await chain({ type: 'ai_task', preferenceOrder: ['llamaindex'] })).toMatchObject({
    order: ['llamaindex'],
  })
  expect(await chain({}, { order: ['agno', 'llamaindex'] })).toMatchObject({ order: ['agno', 'llamaindex'] })
  expect(
    await chain({ n: 1 }, { type: (task: Task) => (task['n'] === 1 ? 'ai_task' : undefined) }),
  ).toMatchObject({
    order: ['agno', 'prefect'],
  })
})

test('names that no adapter has are skipped, with the reason', async () => {
  const facts = await chain({ preferenceOrder: ['perfect', 'Agno', 'no such/name'] })
  expect(facts).toMatchObject({
    adapter: 'agno',
    skipped: [
      { adapter: 'perfect', reason: "no adapter of that name; did you mean 'prefect'?" },
      { adapter: 'no such/name', reason: 'no name of an adapter; there are prefect, agno, llamaindex' },
    ],
  })
})

test('an adapter that lacks what a task requires is skipped, with the reason', async () => {
  const adapters = [
    works('prefect', { capabilities: ['flows'] }),
    works('agno', { capabilities: ['llm', 'tools'] }),
  ]
  const { result } = await runInSim(route('ask', { adapters }), { requires: ['llm'] })
  expect(routeFacts(result)).toMatchObject({
    adapter: 'agno',
    skipped: [{ adapter: 'prefect', reason: 'the task requires llm, and its capabilities are flows' }],
  })
  const none = await runInSim(route('ask', { adapters }), { requires: ['gpu'] })
  expect(none.result).toMatchObject({
    status: 'failed',
    attempts: 0,
    feedback:
      'no adapter could be tried; skipped: prefect (the task requires gpu, and its capabilities are flows); agno (the task requires gpu, and its capabilities are llm, tools)',
  })
})

test('what a function that says the order throws fails the route, and gives way to its fallback', async () => {
  const node = route('ask', {
    adapters: [works('prefect')],
    order: (): string[] => {
      throw undefined
    },
  })
  const { result } = await runInSim(node.fallback(step('backup', () => 'by hand')), {})
  expect(result).toMatchObject({
    status: 'completed',
    output: 'by hand',
    metadata: { fallbackTriggered: true },
  })
})
