import { choose, ConfigurationError, pipeline, step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { failing, runInSim } from '../../support/in-sim.ts'

const says = (name: string) => step(name, (n: number) => `${name} ${n}`)
const events = (records: readonly { readonly kind: string }[]) =>
  records.flatMap((record) =>
    record.kind === 'event' ? [record as unknown as { event: string; path: string; detail: unknown }] : [],
  )

test('the branch that the selector names runs over the same input, and the others do not', async () => {
  const calls: string[] = []
  const noted = (name: string) =>
    step(name, (n: number) => {
      calls.push(name)
      return n + 1
    })
  const node = choose('way', (n) => (n > 3 ? 'long' : 'short'), { short: noted('s'), long: noted('l') })
  const { result, audit } = await runInSim(node, 4)
  expect(calls).toEqual(['l'])
  expect(result).toMatchObject({
    name: 'way',
    status: 'completed',
    output: 5,
    attempts: 1,
    metadata: { chosen: 'long' },
  })
  expect(Object.keys(result.children)).toEqual(['long'])
  expect(result.children['long']).toMatchObject({ name: 'l', path: 'way/long', output: 5 })
  expect(events(audit.records)).toMatchObject([{ event: 'chosen', path: 'way', detail: { branch: 'long' } }])
})

test('an async selector is waited for, and its time counts', async () => {
  const world = new SimWorld()
  const later = (): Promise<'a'> =>
    new Promise((resolve) => void world.clock.after(40, 'the selector', () => resolve('a')))
  const { result } = await runInSim(choose('way', later, { a: says('a') }), 1, {}, world)
  expect(result).toMatchObject({ output: 'a 1', latencyMs: 40, children: { a: { latencyMs: 0 } } })
})

test('a name that is no branch’s fails the node, naming what was selected and the nearest branch', async () => {
  const node = choose('way', () => 'lnog' as 'long', { long: says('l'), short: says('s') })
  const { result } = await runInSim(node, 1)
  expect(result).toMatchObject({
    status: 'failed',
    attempts: 0,
    metadata: {},
    children: {},
    error: { name: 'DecisionError', code: 'E_DECISION' },
    feedback:
      "Expected the selector of choose 'way' to give the name of one of its branches, 'long', 'short', got \"lnog\". Did you mean `long`?",
  })
})

test.for([
  [undefined, 'nothing'],
  [7, '7'],
  [{}, 'an object'],
  ['toString', '"toString"'],
] as const)('a selector that gives %o fails the node', async ([selected, got]) => {
  const { result } = await runInSim(
    choose('way', () => selected as never, { a: says('a') }),
    1,
  )
  expect(result.feedback).toContain(`got ${got}.`)
  expect(result.status).toBe('failed')
})

test('`otherwise` runs when there is no branch of the selected name', async () => {
  const node = choose('way', (n) => `by ${n}`, { a: says('a') }, { otherwise: says('o') })
  const { result, audit } = await runInSim(node, 2)
  expect(result).toMatchObject({ output: 'o 2', metadata: { chosen: 'otherwise' } })
  expect(result.children['otherwise']).toMatchObject({ path: 'way/otherwise' })
  expect(events(audit.records)).toMatchObject([{ detail: { branch: 'otherwise', selected: 'by 2' } }])
})

const hostile = [
  ['an error', () => Promise.reject(new Error('no map')), 'no map'],
  ['undefined', () => Promise.reject(undefined), 'undefined'],
  [
    'a proxy that throws',
    () => {
      throw new Proxy(
        {},
        {
          get: () => {
            throw new Error('no')
          },
          getPrototypeOf: () => {
            throw new Error('no')
          },
        },
      )
    },
    '',
  ],
] as const
test.for(hostile)(
  'a selector that throws %s fails the node, and its fallback runs',
  async ([, select, says_]) => {
    const node = choose('way', select as () => never, { a: says('a') }).fallback(says('backup'))
    const { result } = await runInSim(node, 3)
    expect(result).toMatchObject({ status: 'completed', output: 'backup 3', attempts: 1 })
    expect(result.children['primary']?.feedback).toContain(`The selector of choose 'way' threw: ${says_}`)
  },
)

test('a selector that mutates its input, or what it reads of the context, changes nothing', async () => {
  const node = choose(
    'way',
    (input: { tags: string[] }, { context }) => {
      input.tags.push('spoiled')
      ;(context.get('list') as string[]).push('spoiled')
      return 'a'
    },
    {
      a: step('a', (input: { tags: string[] }, { context }) => [
        ...input.tags,
        ...(context.get('list') as string[]),
      ]),
    },
  )
  const { result } = await runInSim(node, { tags: ['x'] }, { context: { list: ['y'] } })
  expect(result).toMatchObject({ output: ['x', 'y'], context: { list: ['y'] } })
})

test('a selector knows its run and path, reads the context as it is, and has nothing to write with', async () => {
  let seen: unknown
  const node = pipeline(
    'p',
    step('write', (n: number, { context }) => (context.set('k', n), n)),
    choose(
      'way',
      (_, { runId, path, context }) => {
        seen = [
          runId,
          path,
          context.get('k'),
          context.has('k'),
          context.has('x'),
          context.keys(),
          Object.keys(context),
        ]
        return 'a'
      },
      { a: says('a') },
    ),
  )
  await runInSim(node, 5, { runId: 'r' })
  expect(seen).toEqual(['r', 'p/way', 5, true, false, ['k'], ['get', 'has', 'keys']])
})

test('a control signal that a selector throws ends the run, with no fallback', async () => {
  const node = choose(
    'way',
    (): 'a' => {
      throw new ConfigurationError('no such model')
    },
    { a: says('a') },
  )
  await expect(runInSim(node.fallback(says('b')), 1)).rejects.toThrow('no such model')
})

test('an abort ends the wait for a selector that never decides', async () => {
  const controller = new AbortController()
  const world = new SimWorld()
  world.clock.after(30, 'the caller', () => controller.abort(new Error('enough')))
  const node = choose('way', () => new Promise<never>(() => {}), { a: says('a') })
  const { result } = await runInSim(node, 1, { signal: controller.signal }, world)
  expect(result).toMatchObject({ status: 'cancelled', feedback: 'Cancelled: enough', latencyMs: 30 })
})

test('the branch that fails fails the choice, for its reasons; retries and sums stay its own', async () => {
  const flaky = step('flaky', failing(2, 'ok'), { retries: 1, backoff: { baseMs: 10 } })
  const { result } = await runInSim(
    choose('way', () => 'a', { a: flaky }),
    1,
  )
  expect(result).toMatchObject({
    status: 'failed',
    feedback: 'not yet',
    attempts: 2,
    latencyMs: 10,
    metadata: { chosen: 'a' },
  })
})

test('everything wrong with a choice is told at once, and where', () => {
  const wrong = (): unknown =>
    choose('w/y', 7 as never, { 1: says('a'), b: 'no node' as never, otherwise: says('c') }, {
      otherwise: says('d'),
      otherwize: 1,
    } as never)
  expect(wrong).toThrow(ConfigurationError)
  for (const text of [
    'Expected the name of a choose to be text',
    "Expected the selector of choose 'w/y' to be a function (input, ctx) => name, got 7.",
    'not to look like an integer, which would break the declared order, got "1".',
    "Expected branch 'b' of choose 'w/y' to be a node",
    "Unknown option `otherwize` of choose 'w/y'. Did you mean `otherwise`?",
    "Expected no branch of choose 'w/y' to be called 'otherwise'",
  ])
    expect(wrong).toThrow(text)
  expect(() => choose('way', () => 'a' as never, {})).toThrow(
    "Expected choose 'way' to have at least one branch",
  )
})
