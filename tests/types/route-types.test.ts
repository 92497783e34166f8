import {
  createEngine,
  createOrchestrator,
  createRegistry,
  functionAdapter,
  httpAdapter,
  type OutputOf,
  pipeline,
  route,
  routeFacts,
  step,
  type InputOf,
} from 'shakedown'
import { expectTypeOf, test } from 'vitest'

interface Task {
  readonly prompt: string
}
const text = functionAdapter('text', async (task: Task) => task.prompt)
const long = functionAdapter('long', (task: { prompt: string; pages: number }) => task.pages)

test('a route takes what all its adapters take, and gives what any of them gives', () => {
  const both = route('ask', { adapters: [text, long] })
  expectTypeOf<InputOf<typeof both>>().toEqualTypeOf<Task & { prompt: string; pages: number }>()
  expectTypeOf<OutputOf<typeof both>>().toEqualTypeOf<string | number>()
  const shared = route('ask', {
    adapters: createRegistry([text, long]),
    type: ({ pages }) => (pages > 9 ? 'long' : 'short'),
  })
  expectTypeOf<OutputOf<typeof shared>>().toEqualTypeOf<string | number>()
  const remote = route('ask', {
    adapters: [httpAdapter<Task, { text: string }>({ name: 'r', url: 'http://localhost' })],
  })
  expectTypeOf<OutputOf<typeof remote>>().toEqualTypeOf<{ text: string }>()
  const safe = remote.fallback(step('backup', (task: Task) => task.prompt.length))
  expectTypeOf<OutputOf<typeof safe>>().toEqualTypeOf<{ text: string } | number>()
})

test('types infer through a route in a pipeline, to its facts and through an orchestrator', () => {
  const asked = route('ask', { adapters: [text] })
  const whole = pipeline(
    'p',
    step('task', (prompt: string) => ({ prompt })),
    asked,
    step('count', (words) => words.length),
  )
  expectTypeOf<InputOf<typeof whole>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof whole>>().toEqualTypeOf<number>()
  const facts = async () => routeFacts(await createEngine().run(asked, { prompt: 'tides' }))
  expectTypeOf<NonNullable<Awaited<ReturnType<typeof facts>>>['result']>().toEqualTypeOf<string | undefined>()
  const work = () => createOrchestrator(createEngine(), asked).execute({ tasks: [{ prompt: 'tides' }] })
  expectTypeOf<Awaited<ReturnType<typeof work>>['tasks'][number]['result']>().toEqualTypeOf<
    string | undefined
  >()
})

test('a wrong connection blames the node that is given what it does not take', () => {
  const asked = route('ask', { adapters: [text] })
  pipeline(
    'before',
    step('count', (words: string) => words.length),
    // @ts-expect-error a number goes into a route whose adapters take tasks
    asked,
  )
  pipeline(
    'after',
    asked,
    // @ts-expect-error text comes out of the route
    step('half', (n: number) => n / 2),
  )
  // @ts-expect-error the task has no such field
  route('typed', { adapters: [text], type: ({ kind }) => kind })
})
