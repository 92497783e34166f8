import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

type Fail = (error: unknown, ports: Ports) => unknown

const failing = (fail: Fail) =>
  scenario('fails')
    .subject(async (_: unknown, ports: Ports) => {
      try {
        await ports.fn('save', async () => 'saved')()
      } catch (error) {
        throw await fail(error, ports)
      }
    })
    .on('fn:save', 'reject(ECONNRESET)')
    .expect({ status: 'failed', error: { name: { matches: 'Error' } } })

async function remarksOn(fail: Fail): Promise<unknown> {
  const { problems, remarks } = await runScenario(failing(fail))
  expect(problems).toEqual([])
  return remarks
}

test('an error that says nothing of what failed it is remarked', async () => {
  expect(await remarksOn(() => new Error('Something went wrong'))).toEqual([
    {
      code: 'E_CAUSE_LOST',
      at: ['faults', 'fn:save'],
      message:
        'The subject failed with Error: Something went wrong, which does not mention the error that caused it: fn:save (call 1) threw read ECONNRESET. Give the new error the old one as its `cause`.',
    },
  ])
})

test.for<readonly [string, Fail]>([
  ['it is thrown on', (error) => error],
  ['it is the cause', (cause) => new Error('not saved', { cause })],
  ['it is the cause of the cause', (cause) => new Error('a', { cause: new Error('b', { cause }) })],
  ['something else is the cause', () => new Error('a', { cause: new Error('a limit was up') })],
  ['it is one of several', (error) => new AggregateError([new Error('a'), error], 'all failed')],
  ['its code is quoted', () => new Error('not saved: ECONNRESET')],
  [
    'a later time-out replaces it',
    async (_, ports) => {
      await ports.clock.sleep(50)
      return new Error('too slow')
    },
  ],
])('nothing is remarked where %s', async ([, fail]) => {
  expect(await remarksOn(fail)).toEqual([])
})

test('nothing is remarked where the client itself has ended a call that hung', async () => {
  const hangs = scenario('hangs')
    .subject(async () => (await fetch('http://a.example/x', { method: 'POST', body: '{}' })).json())
    .http('nock')
    .on('http:POST http://a.example/x', 'hang')
    .expect({ status: 'failed', error: { message: 'fetch failed' } })
  const { problems, remarks } = await runScenario(hangs)
  expect(problems).toEqual([])
  expect(remarks.map(({ code }) => code)).not.toContain('E_CAUSE_LOST')
})

test('nothing is remarked where a call was aborted, whatever is said of it', async () => {
  const aborts = scenario('aborts')
    .subject(async (_: unknown, ports: Ports) => {
      const leave = new AbortController()
      void ports.clock.sleep(50).then(() => leave.abort())
      try {
        await ports.fetch('http://a.example/x', { signal: leave.signal })
      } catch {
        throw new Error('too slow')
      }
    })
    .on('http:GET http://a.example/x', 'hang')
    .expect({ status: 'failed', error: { message: 'too slow' } })
  expect(await runScenario(aborts)).toMatchObject({ problems: [], remarks: [] })
})
