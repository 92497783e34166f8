import { step } from 'shakedown'
import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Gives up after 100 ms, and forgets to stop what it gave up on. */
async function forgetful(_: unknown, ports: Ports): Promise<string> {
  const save = ports.fn('save', async () => 'saved')
  const retrying = async (): Promise<string> => {
    for (;;) {
      try {
        return await save()
      } catch {
        await ports.clock.sleep(80)
      }
    }
  }
  return Promise.race([retrying(), ports.clock.sleep(100).then(() => 'gave up')])
}

const slow = scenario('gives up')
  .subject(forgetful)
  .on('fn:save', fault.times(3).reject('no').next.off())
  .expect({ status: 'completed', output: 'gave up' })

test('calls that begin after the answer are a problem, and named', async () => {
  expect((await runScenario(slow)).problems).toMatchObject([
    {
      code: 'E_ORACLE',
      oracle: 'no-orphans',
      message:
        'Expected no call after the subject had settled at 100 ms, got fn:save (call 3, at 160 ms), fn:save (call 4, at 240 ms). Stop what lost the race, or await it; say `background: true` if it is meant to go on.',
    },
  ])
})

test('work that is meant to go on says so', async () => {
  expect((await runScenario(slow.background())).problems).toEqual([])
})

test('a hedged request whose loser began before the answer is no orphan', async () => {
  const hedged = scenario('hedged')
    .subject(async (_: unknown, ports: Ports) => {
      const ask = ports.fn('ask', async () => 'answer')
      const first = ask()
      const second = ports.clock.sleep(20).then(ask)
      return Promise.race([first, second])
    })
    .on('fn:ask#1', fault.delay(500))
    .expect({ status: 'completed', output: 'answer', virtualMs: 20 })
  expect((await runScenario(hedged)).problems).toEqual([])
})

/** Says every 50 ms that it is alive, until its work is over or for ever. */
const beating = (stop: (beat: NodeJS.Timeout) => unknown) =>
  scenario('beats').subject(async (_: unknown, ports: Ports) => {
    const beat = setInterval(() => {}, 50)
    await new Promise((resolve) => setTimeout(resolve, 120))
    stop(beat)
    ports.fn('tell', () => 'done')()
  })

test('a heartbeat that nobody stops is a problem: the process cannot end', async () => {
  const problem = {
    code: 'E_ORACLE',
    oracle: 'no-orphans',
    message:
      'Expected no timer to go on for ever after the subject had settled at 120 ms, got setInterval of 50 ms (since 0 ms): the process cannot end. Clear it when the work is over, or `unref()` it; say `background: true` if it is meant to go on.',
    at: [],
    expected: 0,
    actual: 1,
  }
  expect(await runScenario(beating(() => {}))).toMatchObject({ problems: [problem], remarks: [] })
})

test.for([
  ['is cleared', beating(clearInterval)],
  ['keeps no process alive', beating((beat) => beat.unref())],
  ['is meant to go on', beating(() => {}).background()],
] as const)('a heartbeat that %s is none', async ([, right]) => {
  expect(await runScenario(right)).toMatchObject({ problems: [], remarks: [] })
})

test('a loop of timers that set the next one goes on for ever, too', async () => {
  const polls = scenario('polls').subject(async (_: unknown, ports: Ports) => {
    const poll = (): unknown => setTimeout(poll, 200)
    poll()
    ports.fn('tell', () => 'done')()
  })
  const [problem] = (await runScenario(polls)).problems
  expect(problem?.message).toContain('got setTimeout of 200 ms (since')
})

const slowest = (limitMs: number, tidy: (limit: NodeJS.Timeout) => unknown) =>
  scenario('limits').subject(async (_: unknown, ports: Ports) => {
    const { promise, reject } = Promise.withResolvers<never>()
    const limit = setTimeout(() => reject(new Error('too slow')), limitMs)
    promise.catch(() => {})
    try {
      return await Promise.race([ports.fn('ask', async () => 'answer')(), promise])
    } finally {
      tidy(limit)
    }
  })

test('a limit that nobody clears is remarked when it keeps the process alive for a second or more', async () => {
  expect(await runScenario(slowest(30_000, () => {}))).toMatchObject({
    problems: [],
    remarks: [
      {
        code: 'E_TIMER_LEFT',
        message:
          'setTimeout of 30000 ms (since 0 ms) still waited when the subject had settled, and would keep the process alive for 30000 ms. Clear it when the work is over, or `unref()` it.',
      },
    ],
  })
  for (const right of [
    slowest(999, () => {}),
    slowest(30_000, clearTimeout),
    slowest(30_000, (limit) => limit.unref()),
    slowest(30_000, () => {}).background(),
  ])
    expect(await runScenario(right)).toMatchObject({ problems: [], remarks: [] })
})

/** Gives up on a connection after 100 ms, and does `late` with it when it comes after all. */
const connecting = (
  name: string,
  late: (connection: string, call: (given: string) => Promise<string>) => unknown,
) =>
  scenario('connects')
    .subject(async (_: unknown, ports: Ports) => {
      const connect = ports.fn('connect', async () => 'connection')
      const call = ports.fn(name, async (given: string) => given)
      let gaveUp = false
      const connected = connect().then((connection) => (gaveUp ? late(connection, call) : connection))
      const limit = ports.clock.sleep(100).then(() => {
        gaveUp = true
        return 'gave up'
      })
      return Promise.race([connected, limit])
    })
    .on('fn:connect', 'late(500)->off')
    .expect({ output: 'gave up' })

test.for(['close', 'db.release', 'rollBack', 'roll_back', 'closeConnection'])(
  'what came too late may be given back: %s',
  async (name) => {
    expect((await runScenario(connecting(name, (connection, call) => call(connection)))).problems).toEqual([])
  },
)

test('so it may in two calls, the second when the first is over', async () => {
  const tidy = connecting('release', (connection, call) => call(connection).then(call))
  expect((await runScenario(tidy.on('fn:release', 'inf*delay(30)'))).problems).toEqual([])
})

test.for<[string, string, (connection: string, call: (given: string) => Promise<string>) => unknown]>([
  ['what is used although it came too late', 'query', (connection, call) => call(connection)],
  [
    'what is given back at some later time',
    'close',
    (connection, call) => new Promise((resolve) => setTimeout(resolve, 50)).then(() => call(connection)),
  ],
  ['what only sounds so', 'append', (connection, call) => call(connection)],
])('%s is an orphan', async ([, name, late]) => {
  const [problem] = (await runScenario(connecting(name, late))).problems
  expect(problem).toMatchObject({ oracle: 'no-orphans', message: expect.stringContaining(`fn:${name}`) })
})

test('a release that no late answer asks for is an orphan', async () => {
  const slowly = scenario('closes later').subject(async (_: unknown, ports: Ports) => {
    const close = ports.fn('close', async () => 'closed')
    void ports.clock.sleep(50).then(close)
    await ports.fn('ask', async () => 'answer')()
  })
  expect((await runScenario(slowly)).problems).toMatchObject([{ oracle: 'no-orphans' }])
})

test('what comes too late for one caller may be given back before the next one comes', async () => {
  const again = connecting('close', (connection, call) => call(connection))
    .phases([{}, { waitMs: 10_000 }])
    .expect({ output: ['gave up', 'connection'] })
  expect((await runScenario(again)).problems).toEqual([])
})

test('a timer that a step of a pipeline leaves and that goes on for ever is told', async () => {
  const leaves = step('poll', () => {
    setInterval(() => {}, 100)
    return 'polled'
  })
  const polls = scenario('polls').subject(leaves).timers('global')
  expect((await runScenario(polls)).problems).toMatchObject([
    { oracle: 'no-orphans', message: expect.stringContaining('setInterval of 100 ms') },
  ])
  expect((await runScenario(polls.background())).problems).toEqual([])
})
