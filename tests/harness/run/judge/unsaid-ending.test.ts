import { pipeline, step } from 'shakedown'
import { type Expectation, fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { unsaidEnding } from '../../../../harness/run/judge/unsaid-ending.ts'
import type { Departure } from '../../../../harness/scenario/observation.ts'
import { observationOf } from './observation.ts'

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

test.for<Expectation>([{}, { calls: { 'fn:save': 1 } }, { virtualMs: 0 }, { feedback: null }])(
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
      {
        code: 'E_ANY_ERROR',
        message: expect.stringContaining(`This time it was ${what}.`),
        at: ['expect', 'status'],
      },
    ])
  }
})

test('only a failure that was expected is remarked as any failure', async () => {
  const codes = async (expectation: Expectation, of = broken): Promise<string[]> =>
    (await runScenario(of.expect(expectation))).remarks.map(({ code }) => code)
  expect(await codes({})).toEqual([])
  expect(await codes({ status: 'cancelled' })).toEqual([])
  const fine = async (_: unknown, ports: Ports): Promise<void> => ports.fn('save', async () => {})()
  expect(await codes({ status: 'failed' }, scenario('fine').subject(fine).input(null))).toEqual([])
})

test('a subject may stop without a word when its caller leaves, and not fail for a reason of its own', () => {
  const left = { atMs: 5, callsBefore: 0, open: [] }
  const told = (
    status: 'failed' | 'cancelled',
    departure: Departure | null,
    feedback: string | null = null,
  ) => unsaidEnding(observationOf({ departure }), { status, feedback, error: null })?.message
  expect(told('cancelled', left)).toBe(undefined)
  const say = (status: string): string => `say \`expect: { status: ${status}, … }\` if it should.`
  expect(told('cancelled', null)).toBe(`The subject was cancelled; ${say('cancelled')}`)
  expect(told('failed', left)).toBe(`The subject failed with no reason; ${say('failed')}`)
  expect(told('failed', left, 'no ink')).toBe(`The subject failed with no ink; ${say('failed')}`)
})

test('a scenario without expectations passes when its subject completes', async () => {
  const fine = async (_: unknown, ports: Ports): Promise<void> => ports.fn('save', async () => {})()
  expect(await runScenario(scenario('fine').subject(fine).input(null))).toMatchObject({
    problems: [],
    remarks: [],
  })
})

test('of several callers, one whose place in the list names its error is expected to fail with it', async () => {
  const codes = async (expectation: Expectation): Promise<string[]> => {
    const built = broken.callers(2).expect({ status: 'failed', ...expectation })
    return (await runScenario(built, { replay: false })).remarks.map(({ code }) => code)
  }
  const error = { name: 'TypeError' }
  expect(await codes({})).toEqual(['E_ANY_ERROR'])
  expect(await codes({ outputMatches: [{ error }, { error }] })).toEqual([])
})

test('a caller that is thrown an error without a word is a problem of what was expected, as a subject is', async () => {
  const { problems } = await runScenario(broken.callers(2), { replay: false })
  expect(problems).toMatchObject([
    { code: 'E_EXPECT', at: ['expect'], expected: 'completed', actual: 'failed' },
  ])
})
