import { fault, type PortEvents, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Reads one connection to its end and tells what came, and when. */
type Style = (events: PortEvents<unknown>, nowMs: () => number) => Promise<unknown[]>

const styles: Record<string, Style> = {
  'for await': async (events, nowMs) => {
    const log: unknown[] = []
    try {
      for await (const message of events) log.push([message, nowMs()])
      return [...log, 'end']
    } catch (error) {
      return [...log, (error as NodeJS.ErrnoException).code]
    }
  },
  'an EventTarget': (events, nowMs) =>
    new Promise((resolve) => {
      const log: unknown[] = []
      const onmessage = ({ data }: { data: unknown }): unknown => log.push([data, nowMs()])
      Object.assign(events, { onmessage })
      events.addEventListener('close', (event) =>
        resolve([...log, (event as Event & { wasClean: boolean }).wasClean ? 'end' : 'ECONNRESET']),
      )
    }),
  'an emitter': (events, nowMs) =>
    new Promise((resolve) => {
      const log: unknown[] = []
      events
        .on('message', (message) => log.push([message, nowMs()]))
        .on('close', (code) => resolve([...log, code === 1000 ? 'end' : 'ECONNRESET']))
    }),
}

const reading = (style: string) =>
  scenario('reads')
    .subject((_: unknown, ports: Ports) => styles[style]!(ports.events('feed'), ports.clock.monotonicMs))
    .input(null)

test.for(
  Object.keys(styles).flatMap((style): [string, string, unknown[]][] => [
    [style, 'push([1,{"id":2}], every=10, last=end)', [[1, 10], [{ id: 2 }, 20], 'end']],
    [style, 'push([1,2], gaps=[5,100], last=drop)', [[1, 5], [2, 105], 'ECONNRESET']],
    [style, 'push([], last=error)', ['ECONNRESET']],
    [style, 'reject(ECONNRESET)', ['ECONNRESET']],
    [style, 'push([1], last=end) @7', [[1, 7], 'end']],
  ]),
)('%s: %s arrives in virtual time', async ([style, program, output]) => {
  const verdict = await runScenario(reading(style).on('events:feed', program))
  expect(verdict.problems).toEqual([])
  expect(verdict.output).toEqual(output)
})

test('each connection meets its own step, and is a call', async () => {
  const reconnects = scenario('reconnects')
    .subject(async (_: unknown, ports: Ports) => {
      const got: unknown[] = []
      for (let attempt = 1; attempt < 4; attempt++) {
        try {
          for await (const message of ports.events('feed')) got.push(message)
          return got
        } catch {
          await ports.clock.sleep(100)
        }
      }
      throw new Error('given up')
    })
    .input(null)
    .on(
      'events:feed',
      fault.push([1, 2], { last: 'drop' }).next.reject('ECONNREFUSED').next.push([3], { last: 'end' }),
    )
    .expect({ output: [1, 2, 3], calls: { 'events:feed': 3 }, virtualMs: 200 })
  expect((await runScenario(reconnects)).problems).toEqual([])
})

test('what comes before anybody reads is kept for who reads first', async () => {
  const late = scenario('late')
    .subject(async (_: unknown, ports: Ports) => {
      const events = ports.events<number>('feed')
      await ports.clock.sleep(50)
      const got = []
      for await (const message of events) got.push(message)
      return got
    })
    .input(null)
    .on('events:feed', 'push([1,2,3], gaps=[10,10,100], last=end)')
  expect((await runScenario(late.expect({ output: [1, 2, 3] }))).problems).toEqual([])
})

test('who leaves the loop closes the connection, and no time passes for what it would have pushed', async () => {
  const first = scenario('first')
    .subject(async (_: unknown, ports: Ports) => {
      for await (const message of ports.events('feed')) return message
      return 'none'
    })
    .input(null)
    .on('events:feed', 'push([1,2], every=1000)')
    .expect({ output: 1, virtualMs: 1000 })
  expect((await runScenario(first)).problems).toEqual([])
})

test('a connection that stays open after its subject is a leftover, and what it pushes then harms nobody', async () => {
  const leaving = scenario('leaves')
    .subject((_: unknown, ports: Ports) => {
      const got: unknown[] = []
      ports.events('feed').on('message', (message) => got.push(message))
      return 'settled'
    })
    .input(null)
    .on('events:feed', 'push([1,2], every=10, last=drop)')
  const { problems } = await runScenario(leaving)
  expect(problems).toMatchObject([{ code: 'E_ORACLE', oracle: 'no-orphans' }])
  expect(problems[0]?.message).toContain(
    'to stay open after the subject had settled at 0 ms, got events:feed (since 0 ms)',
  )
  expect((await runScenario(leaving.background())).problems).toEqual([])
})

test('of a process that has died nobody hears what its connections push', async () => {
  const heard: unknown[] = []
  const subject = async (_: unknown, ports: Ports): Promise<string> => {
    for await (const message of ports.events('feed')) heard.push(message)
    return 'read'
  }
  const dying = scenario('dies')
    .subject(subject)
    .input(null)
    .on('events:feed', 'push([1,2,3], every=10) -> push([4], every=10, last=end)')
    .crash(25, () => subject)
    .expect({ output: 'read', calls: { 'events:feed': 2 } })
  expect((await runScenario(dying, { replay: false })).problems).toEqual([])
  expect(heard).toEqual([1, 2, 4])
})

test('a connection that goes silent is named by the stall', async () => {
  const silent = reading('for await').on('events:feed', 'push([1])').limits({ realMs: 200 })
  const { problems } = await runScenario(silent)
  expect(problems).toMatchObject([{ code: 'E_STALL' }])
  expect(problems[0]?.message).toContain('events:feed (since 0 ms) is open and pushes nothing more')
})

test.for<[string, () => AsyncIterable<number> | EventTarget]>([
  [
    'a list that comes piece by piece',
    async function* () {
      yield 1
      yield 2
    },
  ],
  [
    'an EventTarget',
    () => {
      const source = new EventTarget()
      queueMicrotask(() => {
        setTimeout(() => {
          for (const data of [1, 2]) source.dispatchEvent(new MessageEvent('message', { data }))
          source.dispatchEvent(new Event('close'))
        }, 5)
      })
      return source
    },
  ],
])('without a script, %s is what pushes', async ([, source]) => {
  const real = scenario('real')
    .subject(async (_: unknown, ports: Ports) => {
      const got = []
      for await (const message of ports.events<number>('feed', source as () => AsyncIterable<number>))
        got.push(message)
      return got
    })
    .input(null)
  expect((await runScenario(real.expect({ output: [1, 2] }))).problems).toEqual([])
})

test('without a script and without a source, it says what to write', async () => {
  const { problems } = await runScenario(
    scenario('nothing')
      .subject(async (_: unknown, ports: Ports) => {
        for await (const message of ports.events('feed')) return message
        return null
      })
      .input(null),
  )
  expect(problems[0]?.message).toContain("ports.events('feed', () => source)")
})

test.each([
  ['push(1)', 'a list of messages'],
  ['push([1], every=1, gaps=[1])', '`every` or `gaps`, not both'],
  ['push([1], gaps=[1,2,3])', 'a list of milliseconds, at most one for each message'],
  ['push([1], gaps=[-1])', 'a list of milliseconds'],
  ['push([1], last=later)', 'one of open, end, drop, error'],
])('%s is refused', (program, expected) => {
  expect(() =>
    scenario('refused')
      .subject(() => {})
      .on('events:feed', program),
  ).toThrow(expected)
})
