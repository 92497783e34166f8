import { step } from 'shakedown'
import { fault, type Ports, runScenario, scenario, WALL_START_MS } from 'shakedown/harness'
import { expect, test, vi } from 'vitest'

test.for(['ports', 'global'] as const)(
  'a throwing timer callback is an unhandled exception of the scenario (%s timers)',
  async (timers) => {
    const careless = async (_: unknown, ports: Ports): Promise<void> => {
      ports.fn('f', () => {})()
      const explode = (): never => {
        throw new Error('thrown in a timer')
      }
      if (timers === 'global') setTimeout(explode, 10)
      else ports.world.clock.after(10, 'careless', explode)
      await ports.clock.sleep(20)
    }
    const realSetTimeout = globalThis.setTimeout
    const { problems } = await runScenario(
      scenario('careless').subject(careless).input(null).timers(timers),
      { replay: false },
    )
    expect(problems).toMatchObject([{ oracle: 'no-unhandled-rejection' }])
    expect(problems[0]?.message).toContain('thrown in a timer')
    expect(globalThis.setTimeout).toBe(realSetTimeout)
  },
)

test('an exception on the next tick is one, too', async () => {
  const careless = async (_: unknown, ports: Ports): Promise<void> => {
    ports.fn('f', () => {})()
    process.nextTick(() => {
      throw new Error('thrown on a tick')
    })
    await ports.clock.sleep(1)
  }
  const { problems } = await runScenario(scenario('careless').subject(careless).input(null), {
    replay: false,
  })
  expect(problems).toMatchObject([{ oracle: 'no-unhandled-rejection' }])
})

test('somebody else’s thenables give a scenario what they give the real world, and work once', async () => {
  let works = 0
  // As query builders have it: nothing happens until somebody asks.
  const lazy = (): PromiseLike<number> => ({
    // oxlint-disable-next-line unicorn/no-thenable -- a thenable that is no promise is what this test is about
    then(resolve) {
      works++
      return Promise.resolve(42).then(resolve)
    },
  })
  const thenable = scenario('thenable step').subject(step('s', lazy))
  expect((await runScenario(thenable.expect({ output: 42 }), { replay: false })).problems).toEqual([])
  const port = async (_: unknown, ports: Ports): Promise<unknown> =>
    await ports.fn('query', lazy, { io: true })()
  works = 0
  expect(
    (
      await runScenario(scenario('thenable port').subject(port).input(null).expect({ output: 42 }), {
        replay: false,
      })
    ).problems,
  ).toEqual([])
  expect(works).toBe(1)
})

test('a port that throws at once, or gives no promise, holds no time still', async () => {
  const subject = async (_: unknown, ports: Ports): Promise<string> => {
    const broken = ports.fn(
      'broken',
      (): number => {
        throw new Error('at once')
      },
      { io: true },
    )
    const plain = ports.fn('plain', () => 1, { io: true })
    plain()
    await ports.clock.sleep(10)
    try {
      broken()
    } catch (error) {
      await ports.clock.sleep(10)
      return (error as Error).message
    }
    return 'no error'
  }
  expect(
    (
      await runScenario(
        scenario('sync').subject(subject).input(null).expect({ output: 'at once', virtualMs: 20 }),
      )
    ).problems,
  ).toEqual([])
})

test('a port that rejects after real work leaves no rejection behind', async () => {
  const subject = async (_: unknown, ports: Ports): Promise<string> =>
    ports
      .fn(
        'work',
        () => new Promise<never>((_resolve, reject) => setImmediate(() => reject(new Error('disk full')))),
        { io: true },
      )()
      .catch((error: Error) => error.message)
  expect(
    (await runScenario(scenario('rejects').subject(subject).input(null).expect({ output: 'disk full' })))
      .problems,
  ).toEqual([])
})

test('an impossible URL and a fetch aborted before it began reject, as with any fetch, fault or no fault', async () => {
  const subject = async (_: unknown, ports: Ports): Promise<string[]> => {
    const seen: string[] = []
    await ports.fetch('not a url').catch((error: Error) => seen.push(error.name))
    await ports
      .fetch('http://shop.example/a', { signal: AbortSignal.abort() })
      .catch((error: Error) => seen.push(error.name))
    seen.push(String((await ports.fetch('http://shop.example/a')).status))
    return seen
  }
  const asked = scenario('asked').subject(subject).input(null).on('http:GET /a', fault.status(204))
  expect(
    (
      await runScenario(
        asked.expect({ output: ['TypeError', 'AbortError', '204'], calls: { 'http:GET /a': 1 } }),
      )
    ).problems,
  ).toEqual([])
})

test('a validator that asks for patience is honoured without a false alarm', async () => {
  const patient = step('patient', () => 1, {
    retries: 1,
    validate: () => {
      throw Object.assign(new Error('not yet'), { retryAfterMs: 999 })
    },
  })
  expect(
    (await runScenario(scenario('patient').subject(patient).expect({ status: 'failed', virtualMs: 999 })))
      .problems,
  ).toEqual([])
})

test.for([
  ['a map', new Map([[1, 2]]), {}],
  ['NaN', { a: Number.NaN }, { a: null }],
] as const)('%s is not what JSON would make of it', async ([, output, expected]) => {
  const { problems } = await runScenario(
    scenario('odd')
      .subject(step('s', (): unknown => output))
      .expect({ output: expected }),
  )
  expect(problems).toMatchObject([{ at: ['expect', 'output'] }])
})

test('a test may have faked the timers for itself: a scenario has its own, and leaves those as they were', async () => {
  const waits = scenario('waits')
    .subject(async (_: unknown, { fn }: Ports) => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      return fn('call', () => Date.now() - WALL_START_MS)()
    })
    .expect({ output: 500, virtualMs: 500 })
  vi.useFakeTimers({ now: 0 })
  try {
    const its = setTimeout
    expect((await runScenario(waits)).problems).toEqual([])
    expect([setTimeout === its, Date.now()]).toEqual([true, 0])
  } finally {
    vi.useRealTimers()
  }
  expect((await runScenario(waits)).problems).toEqual([])
})
