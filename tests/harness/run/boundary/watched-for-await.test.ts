import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

type Call = () => Promise<unknown>

const using = (use: (save: Call) => unknown) =>
  scenario('uses')
    .subject(async (_: unknown, ports: Ports) => {
      await use(ports.fn('save', async () => 'saved'))
      return 'done'
    })
    .input(null)
    .on('fn:save', fault.return('other'))
    .expect({ output: 'done' })

test('a fault whose outcome nobody waits for did not fire', async () => {
  const careless = using((save) => void save())
  expect(await runScenario(careless)).toMatchObject({
    faultsFired: 0,
    problems: [
      {
        code: 'E_VACUOUS',
        at: ['faults', 'fn:save'],
        message: expect.stringContaining(
          'acted on 1 call, but nobody waited for what became of it, so it had no effect.',
        ),
      },
    ],
  })
})

test('nor did one at a request that nobody waits for', async () => {
  const { problems } = await runScenario(
    scenario('fetches')
      .subject((_: unknown, ports: Ports) => void ports.fetch('http://api.test/orders'))
      .input(null)
      .on('http:GET /orders', fault.status(503)),
  )
  expect(problems).toMatchObject([{ code: 'E_VACUOUS', at: ['faults', 'http:GET /orders'] }])
})

test.for<[string, (answer: Promise<Response>) => unknown, string[]]>([
  ['nobody waits for', () => {}, ['E_VACUOUS']],
  ['somebody waits for', async (answer) => (await answer).status, []],
])('a request that %s and whose body is read first', async ([_name, use, codes]) => {
  const sends = async (_: unknown, ports: Ports): Promise<void> => {
    await use(ports.fetch(new Request('http://api.test/orders', { method: 'POST', body: 'x' })))
    await ports.clock.sleep(1)
  }
  const posts = scenario('posts').subject(sends).input(null).on('http:POST /orders', fault.status(503))
  const { problems } = await runScenario(posts)
  expect(problems.map(({ code }) => code)).toEqual(codes)
})

test.for<[string, (save: Call) => unknown]>([
  ['await', async (save) => expect(await save()).toBe('other')],
  ['then', (save) => save().then(() => {})],
  ['catch', (save) => save().catch(() => {})],
  ['finally', (save) => save().finally(() => {})],
  ['Promise.all', (save) => Promise.all([save(), save()])],
  ['Promise.race', (save) => Promise.race([save(), Promise.resolve()])],
  ['a promise that follows it', (save) => new Promise((resolve) => resolve(save()))],
  ['an await that comes later', (save) => Promise.resolve(save()).then(() => {})],
  ['one call of two', (save) => (void save(), save().then(() => {}))],
])('a fault fired whose outcome is asked for by %s', async ([, use]) => {
  expect((await runScenario(using(use))).problems).toEqual([])
})

test('the promise a subject gets looks and behaves like any other', async () => {
  const verdict = await runScenario(
    using(async (save) => {
      const promise = save()
      expect(promise).toBeInstanceOf(Promise)
      expect(promise.constructor).toBe(Promise)
      expect(await promise).toBe('other')
    }),
  )
  expect(verdict.problems).toEqual([])
})
