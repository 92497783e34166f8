import { pipeline, step } from 'shakedown'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

const OFFLINE = new Error('offline')

/** What it does with the error that ends its calls. */
type Reaction = (error: unknown) => unknown

const endless =
  (react: Reaction) =>
  async (_: unknown, ports: Ports): Promise<unknown> => {
    const send = ports.fn('send', () => Promise.reject(OFFLINE))
    for (;;) {
      try {
        await send()
      } catch (error) {
        const answer = react(error)
        if (answer !== undefined) return answer
      }
    }
  }

const stubborn = endless(() => undefined)
const rethrowing = endless((error) => {
  if (error instanceof RangeError) throw error
})
const giving = endless((error) => (error instanceof RangeError ? 'done' : undefined))

test.for([
  ['catches whatever comes', stubborn, 'failed'],
  ['throws the error that stops it', rethrowing, 'failed'],
  ['makes an answer of the error that stops it', giving, 'completed'],
] as const)('a subject that retries for ever is a problem, also when it %s', async ([, subject, status]) => {
  const { ok, problems } = await runScenario(
    scenario('endless').subject(subject).input(null).limits({ calls: 3_000 }).expect({ status }),
  )
  expect(ok).toBe(false)
  expect(problems).toMatchObject([
    {
      code: 'E_RUNAWAY',
      message: expect.stringMatching(
        /^The subject called out 3000 times by 0 virtual ms and was stopped when it called fn:send again: fn:send \(3000×\)\./,
      ),
    },
  ])
})

test('many calls that come to an end are no problem', async () => {
  const many = async (_: unknown, ports: Ports): Promise<void> => {
    const send = ports.fn('send', async () => {})
    for (let nth = 1; nth <= 2_000; nth++) await send()
  }
  const { problems } = await runScenario(scenario('many').subject(many).input(null))
  expect(problems).toEqual([])
})

test('a step that swallows the error, too, does not hide it from the verdict', async () => {
  const inner = pipeline(
    'p',
    step('loop', () => 'done'),
  )
  const outer = async (_: unknown, ports: Ports): Promise<string> => {
    try {
      await stubborn(_, ports)
    } catch {
      // Nothing gets out.
    }
    return inner.name
  }
  const { problems } = await runScenario(
    scenario('hidden').subject(outer).input(null).limits({ calls: 3_000 }).expect({ status: 'completed' }),
  )
  expect(problems).toMatchObject([{ code: 'E_RUNAWAY' }])
})

test('one that was stopped is not run a second time', async () => {
  let executions = 0
  const counted = async (input: unknown, ports: Ports): Promise<unknown> => {
    executions++
    return giving(input, ports)
  }
  await runScenario(scenario('endless').subject(counted).input(null).limits({ calls: 10 }))
  expect(executions).toBe(1)
})
