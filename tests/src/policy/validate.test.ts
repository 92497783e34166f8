import { step, type StepContext } from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const MUTE = 'Validation failed without feedback'

test.for<[unknown]>([[true], [{ ok: true }], [{ ok: true, feedback: 'fine' }], [Promise.resolve(true)]])(
  'a validator that says %o accepts, and the output is passed on as it is',
  async ([judgement]) => {
    const output = { n: 1 }
    const { result } = await runInSim(
      step('a', () => output, { validate: () => judgement as never }),
      undefined,
    )
    expect(result).toMatchObject({ status: 'completed', output: { n: 1 }, feedback: null, attempts: 1 })
  },
)

test.for<[unknown, string]>([
  ['too short', 'too short'],
  [{ ok: false, feedback: 'too long' }, 'too long'],
  [{ ok: false, feedback: null }, MUTE],
  [{ feedback: 'no ok in it' }, 'no ok in it'],
  [false, MUTE],
  [undefined, MUTE],
  [Promise.resolve('later'), 'later'],
])('a validator that says %o rejects, in its own words where it has some', async ([judgement, feedback]) => {
  const { result } = await runInSim(
    step('a', () => 1, { validate: () => judgement as never }),
    undefined,
  )
  expect(result).toMatchObject({
    status: 'failed',
    feedback,
    error: { name: 'ValidationError', code: 'E_VALIDATION' },
  })
})

test('what a validator throws fails the attempt with its own error', async () => {
  const validate = (): never => {
    throw new RangeError('out of range')
  }
  const { result } = await runInSim(
    step('a', () => 1, { validate }),
    undefined,
  )
  expect(result).toMatchObject({ status: 'failed', feedback: 'out of range', error: { name: 'RangeError' } })
})

test('a validator is given the output and the context of its attempt', async () => {
  const seen: unknown[] = []
  const validate = (output: number, ctx: StepContext): boolean => {
    seen.push([output, ctx.attempt, ctx.step])
    return ctx.attempt === 2
  }
  await runInSim(
    step('a', () => 7, { retries: 1, validate }),
    undefined,
  )
  expect(seen).toEqual([
    [7, 1, 'a'],
    [7, 2, 'a'],
  ])
})

/** A Standard Schema that finds these issues. */
function schemaOf(issues: unknown[] | undefined): never {
  return { '~standard': { version: 1, vendor: 'ours', validate: () => ({ value: 1, issues }) } } as never
}

test.for<[unknown[], string]>([
  [[{ message: 'is wrong' }], 'is wrong'],
  [[{ message: 'is wrong', path: [] }], 'is wrong'],
  [[{ message: 'is wrong', path: ['a', 0, { key: 'b' }] }], 'a.0.b: is wrong'],
  [[{ message: 'one', path: ['a'] }, { message: 'two' }], 'a: one; two'],
])('the issues %j of a Standard Schema are the feedback', async ([issues, feedback]) => {
  const { result } = await runInSim(
    step('a', () => 1, { validate: schemaOf(issues) }),
    undefined,
  )
  expect(result).toMatchObject({ status: 'failed', feedback })
})

test('a Standard Schema without issues accepts, also one that is a function', async () => {
  const accepts = Object.assign(() => 'must not be called', schemaOf(undefined))
  const { result } = await runInSim(
    step('a', () => 1, { validate: accepts }),
    undefined,
  )
  expect(result.status).toBe('completed')
})
