import { pipeline, step } from 'shakedown'
import { type Expectation, fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

const careless = async (_: unknown, ports: Ports): Promise<string> => {
  await ports.fn('save', async () => {})()
  return (undefined as unknown as string).trim()
}
const broken = scenario('broken').subject(careless).input(null)
const failing = scenario('failing')
  .subject(
    pipeline(
      'article',
      step('draft', () => 'draft'),
    ),
  )
  .on('step:draft', fault.forever().reject('no ink'))

test.for<Expectation>([{}, { calls: { 'fn:save': 1 } }, { virtualMs: 0 }, { feedback: null }, { error: {} }])(
  'a subject that throws fails a scenario that does not say it may: %j',
  async (expectation) => {
    const { problems, error } = await runScenario(broken.expect(expectation))
    expect(problems[0]).toMatchObject({
      code: 'E_EXPECT',
      at: ['expect'],
      message:
        "The subject threw TypeError: Cannot read properties of undefined (reading 'trim'); say `expect: { status: failed, … }` if it should.",
    })
    expect(error).toMatchObject({ name: 'TypeError', stack: expect.stringContaining('unsaid-ending.test') })
  },
)

test('nor may a pipeline fail or be cancelled without a word', async () => {
  expect((await runScenario(failing)).problems).toMatchObject([
    {
      at: ['expect'],
      message: 'The subject failed with Error: no ink; say `expect: { status: failed, … }` if it should.',
    },
  ])
})

test.for<Expectation>([
  { status: 'failed', error: { name: 'TypeError' } },
  { error: { message: { contains: 'trim' } } },
  { feedback: { contains: 'trim' } },
])('a scenario that says what it may throw passes, without a remark: %j', async (expectation) => {
  expect(await runScenario(broken.expect(expectation))).toMatchObject({ problems: [], remarks: [] })
})

test('a scenario that takes any failure passes, with a remark that says which it took', async () => {
  for (const [each, what] of [
    [broken, "TypeError: Cannot read properties of undefined (reading 'trim')"],
    [failing, 'Error: no ink'],
  ] as const) {
    const { ok, remarks } = await runScenario(each.expect({ status: 'failed' }))
    expect(ok).toBe(true)
    expect(remarks).toEqual([
      { code: 'E_ANY_ERROR', message: expect.stringContaining(`This time it was ${what}.`) },
    ])
  }
})

test('a scenario without expectations passes when its subject completes', async () => {
  const fine = async (_: unknown, ports: Ports): Promise<void> => ports.fn('save', async () => {})()
  expect(await runScenario(scenario('fine').subject(fine).input(null))).toMatchObject({
    problems: [],
    remarks: [],
  })
})
