import { functionAdapter, pipeline, route, step } from 'shakedown'
import { type Expectation, type Ports, runScenario, scenario, ScenarioBuilder } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { unknownStep } from '../../../../harness/run/judge/known-names.ts'
import { planOf } from '../../../../src/run/plan-of.ts'

const article = scenario('article')
  .subject(pipeline('article', step('draft', () => 'draft').fallback(step('backup', () => 'backup'))))
  .input(null)

const sending = scenario('sending')
  .subject(async (_: unknown, ports: Ports): Promise<void> => {
    const send = ports.fn('send', async () => {})
    ports.fn('refund', async () => {})
    await send()
  })
  .input(null)

test.for<[Expectation, string]>([
  [{ attempts: { darft: 0 } }, 'Did you mean `draft`?'],
  [{ attempts: { backpu: { max: 3 } } }, 'Did you mean `backup`?'],
  [{ calls: { 'step:darft': 0 } }, 'Did you mean `draft`?'],
  [{ calls: { 'fn:ship': 0 } }, 'which has draft, backup; got `ship`.'],
])(
  'a step that there is not is a problem, also when nothing is expected of it: %j',
  async ([wrong, hint]) => {
    const [key, names] = Object.entries(wrong)[0]!
    const name = Object.keys(names as object)[0]!
    const { problems } = await runScenario(article.expect(wrong))
    expect(problems).toMatchObject([
      { code: 'E_EXPECT', at: ['expect', key, name], message: expect.stringContaining(hint) },
    ])
  },
)

test('a step that is there and was not reached is counted, and so is a request', async () => {
  const counted = article.expect({
    attempts: { draft: 1, backup: 0 },
    calls: { 'step:backup': 0, 'http:POST /orders': 0 },
  })
  expect(await runScenario(counted)).toMatchObject({ problems: [], remarks: [] })
})

test.for<Expectation>([
  { audit: { outcomes: { failed: 0 } } },
  { usage: { tokens: 0 } },
  { context: { a: 1 } },
  { metadata: { a: 1 } },
  { children: { a: 1 } },
])('what only a pipeline has is not expected of a function: %j', async (expectation) => {
  const { problems } = await runScenario(sending.expect(expectation))
  expect(problems).toMatchObject([
    {
      code: 'E_EXPECT',
      at: ['expect', Object.keys(expectation)[0]],
      message: expect.stringContaining('got a function.'),
    },
  ])
})

test('of a pipeline with many steps, ten are named', async () => {
  const steps = Array.from({ length: 12 }, (_, index) => step(`part${index}`, (n: number) => n))
  const { problems } = await runScenario(
    scenario('long')
      .subject(pipeline('long', steps))
      .input(0)
      .expect({ attempts: { zzzzzzzzz: 0 } }),
  )
  const ten = Array.from({ length: 10 }, (_, index) => `part${index}`).join(', ')
  expect(problems.map(({ message }) => message)).toEqual([
    `Expected attempts to name a step or an adapter of the subject, which has ${ten}; got \`zzzzzzzzz\`.`,
  ])
})

test('a point that was called is there, though it is no step of the plan', () => {
  const plan = planOf(step('draft', () => 1))
  const told = (...points: string[]) => {
    const calls = points.map((point) => ({ point }))
    const observation = { plan, calls, scenario: { spec: { expect: {} } } }
    return unknownStep(observation as never, 'calls', 'fn:ship')
  }
  expect(told('fn:ship')).toBe(undefined)
  expect(told('fn:other')).toMatchObject({ at: ['expect', 'calls', 'fn:ship'] })
})

test('two functions whose names differ by their capitals are two', async () => {
  const twins = async (_: unknown, ports: Ports): Promise<void> => {
    ports.fn('Send', async () => {})
    await ports.fn('send', async () => {})()
  }
  const { remarks } = await runScenario(
    scenario('twins')
      .subject(twins)
      .input(null)
      .expect({ calls: { 'fn:send': 1 } }),
  )
  expect(remarks).toEqual([])
})

test('a function that was never wrapped is remarked when its name is near to one that was', async () => {
  const remarks = async (expected: Expectation) => (await runScenario(sending.expect(expected))).remarks
  const message =
    'The scenario counts `sned`, and the subject wrapped no function of that name. Did you mean `send`?'
  expect(await remarks({ calls: { 'fn:sned': 0 } })).toEqual([
    { code: 'E_UNKNOWN_POINT', message, at: ['expect', 'calls', 'fn:sned'] },
  ])
  expect(await remarks({ attempts: { sned: 0 } })).toEqual([
    { code: 'E_UNKNOWN_POINT', message, at: ['expect', 'attempts', 'sned'] },
  ])
  // Wrapped and not called; of no name that is near; perhaps wrapped where it is needed, beside the one that is near.
  expect(await remarks({ calls: { 'fn:refund': 0 } })).toEqual([])
  expect(await remarks({ calls: { 'fn:audit': 0 } })).toEqual([])
  expect(await remarks({ calls: { 'fn:send': 1, 'fn:send2': 0 } })).toEqual([])
})

test.for([
  [{ outcomes: { faild: 0 } }, 'Did you mean `failed`?'],
  [{ events: { fallbck: 0 } }, 'Did you mean `fallback`?'],
  [{ attempts: { complete: 0 } }, 'Did you mean `completed`?'],
])('a word that the audit trail does not have is refused before anything runs: %j', ([audit, hint]) => {
  expect(() => article.expect({ audit: audit as never })).toThrow(hint)
  expect(article).toBeInstanceOf(ScenarioBuilder)
})

test('an adapter that no route of the pipeline has is a problem, and one that was not asked is none', async () => {
  const asking = scenario('asking')
    .subject(route('ask', { adapters: ['prefect', 'agno'].map((name) => functionAdapter(name, () => name)) }))
    .input({})
  const { problems } = await runScenario(asking.expect({ calls: { 'adapter:perfect': 0 } }))
  expect(problems).toMatchObject([
    {
      at: ['expect', 'calls', 'adapter:perfect'],
      message: expect.stringContaining('which has prefect, agno; got `perfect`. Did you mean `prefect`?'),
    },
  ])
  const there = { calls: { 'adapter:agno': 0, 'adapter:agno health': 0 }, attempts: { agno: 0 } }
  expect((await runScenario(asking.expect(there))).problems).toEqual([])
  const fault = asking.on('adapter:perfect', 'reject(ECONNRESET)')
  expect((await runScenario(fault)).problems).toMatchObject([
    { code: 'E_VACUOUS', message: expect.stringContaining('adapter:prefect') },
  ])
})
