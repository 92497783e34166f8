import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import timersPromises, { scheduler, setTimeout as sleepByPromise } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Ports, runScenario, scenario, WALL_START_MS } from 'shakedown/harness'
import { afterEach, expect, test } from 'vitest'

/** What modules have imported by name is brought up to date once per turn; until then it does what the real one does. */
const turn = promisify(setImmediate)

/** Those that modules began: they would go on in the scenarios of every test of this process. */
const begun: NodeJS.Timeout[] = []
afterEach(() => {
  for (const timer of begun.splice(0)) clearInterval(timer)
})

const faked = () => [
  AbortSignal.timeout,
  Math.random,
  crypto.randomUUID,
  crypto.getRandomValues,
  sleepByPromise,
  randomUUID,
  scheduler.wait,
]

async function resting(_: unknown, ports: Ports) {
  const call = ports.fn('call', async (said: string) => said)
  await sleepByPromise(60_000)
  await scheduler.wait(60_000)
  const { promise, resolve } = Promise.withResolvers<void>()
  AbortSignal.timeout(60_000).addEventListener('abort', () => resolve())
  await promise
  return call(
    [Math.random(), randomUUID(), crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(4))].join(),
  )
}

test('imported timers, schedulers and timeout signals are virtual, randomness is seeded, and all is put back', async () => {
  const before = faked()
  const built = scenario('rests')
    .subject(resting)
    .timers('global')
    .expect({ status: 'completed', virtualMs: 180_000 })
  const [first, again, other] = [
    await runScenario(built),
    await runScenario(built),
    await runScenario(built.seed(2)),
  ]
  expect(first.problems).toEqual([])
  expect(again.output).toBe(first.output)
  expect(other.output).not.toBe(first.output)
  await turn()
  expect(faked()).toEqual(before)
})

test.for([
  ['throws', () => Promise.reject(new Error('thrown'))],
  ['stalls', () => new Promise(() => {})],
] as const)('all is put back after a subject that %s', async ([, run]) => {
  const before = faked()
  await runScenario(scenario('ends badly').subject(run).timers('global'))
  await turn()
  expect(faked()).toEqual(before)
})

test('a virtual wait that is aborted fails as the real one does, and hrtime moves with virtual time', async () => {
  const verdict = await runScenario(
    scenario('is aborted')
      .subject(async (_: unknown, ports: Ports) => {
        const began = process.hrtime.bigint()
        const waits = [
          sleepByPromise(500, 0, { signal: AbortSignal.timeout(20) }),
          scheduler.wait(500, { signal: AbortSignal.timeout(20) }),
        ]
        const errors = await Promise.all(waits.map((wait) => wait.catch((error: unknown) => error)))
        const told = (errors as NodeJS.ErrnoException[]).map(
          ({ name, code, cause }) => `${name} ${code} ${(cause as Error).name}`,
        )
        return ports.fn('tell', () => [...told, Number(process.hrtime.bigint() - began)])()
      })
      .timers('global'),
  )
  expect(verdict.output).toEqual([
    'AbortError ABORT_ERR TimeoutError',
    'AbortError ABORT_ERR TimeoutError',
    20_000_000,
  ])
})

test.for([
  ...[-50, Number.NaN, 1.5, 2 ** 32, 'abc'].map(
    (delay) => [`a time-out of ${delay}`, () => AbortSignal.timeout(delay as number)] as const,
  ),
  ['70,000 random bytes', () => crypto.getRandomValues(new Uint8Array(70_000))],
  ['a random view', () => crypto.getRandomValues(new DataView(new ArrayBuffer(2)) as never)],
  ['random floats', () => crypto.getRandomValues(new Float32Array(2) as never)],
  ['a random list', () => crypto.getRandomValues([1] as never)],
] as const)('%s: what Node refuses is refused in its words', async ([, ask]) => {
  const refusal = (): unknown => {
    try {
      return ask()
    } catch (error) {
      return error
    }
  }
  const { output } = await runScenario(scenario('refused').subject(refusal).input(null).timers('global'), {
    replay: false,
  })
  expect(output).toBeInstanceOf(Error)
  expect(output).toEqual(refusal())
})

test('a server of the test keeps real time: its pause is waited for, and a virtual limit does not overtake it', async () => {
  let realMs: number | undefined
  const server = createServer((_, response) => {
    setTimeout(() => {
      realMs = Date.now()
      response.end('real')
    }, 20)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const verdict = await runScenario(
    scenario('asks')
      .subject(async (_: unknown, ports: Ports) => {
        const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) })
        const text = await response.text()
        await new Promise((resolve) => setTimeout(resolve, 60_000))
        return ports.fn('tell', () => [text, Date.now() - WALL_START_MS])()
      })
      .expect({ output: ['real', 60_000], virtualMs: 60_000 }),
    { replay: false },
  )
  server.close()
  expect(verdict.problems).toEqual([])
  expect(realMs).not.toBe(WALL_START_MS)
})

test('what a module has put aside in one scenario serves it in the next, and outside', async () => {
  let sleep: typeof setTimeout | undefined
  const naps = scenario('naps')
    .subject(async (_: unknown, ports: Ports) => {
      sleep ??= setTimeout
      const aside = sleep
      await new Promise((resolve) => aside(resolve, 500))
      ports.fn('tell', () => 1)()
    })
    .expect({ virtualMs: 500 })
  expect((await runScenario(naps)).problems).toEqual([])
  expect((await runScenario(naps)).problems).toEqual([])
  await new Promise<void>((resolve) => sleep?.(resolve, 1))
})

test('a timer that a module winds up in each scenario fires in each', async () => {
  let timer: NodeJS.Timeout | undefined
  let wake = (): void => {}
  const naps = scenario('naps').subject(async (_: unknown, ports: Ports) => {
    timer = timer?.refresh() ?? setTimeout(() => wake(), 500).unref()
    begun.push(timer)
    await new Promise<void>((resolve) => (wake = resolve))
    ports.fn('tell', () => 1)()
  })
  for (const built of [naps, naps]) {
    const { problems, virtualMs } = await runScenario(built)
    expect({ problems, virtualMs }).toEqual({ problems: [], virtualMs: 500 })
  }
})

/** A bucket that is filled by a timer of the module, started by whoever comes first. */
const bucket = (tidy: (refill: NodeJS.Timeout) => unknown) => {
  let refill: NodeJS.Timeout | undefined
  let wake = (): void => {}
  return scenario('takes').subject(async (_: unknown, ports: Ports) => {
    if (refill === undefined) {
      tidy((refill = setInterval(() => wake(), 1_234)))
      begun.push(refill)
    }
    await new Promise<void>((resolve) => (wake = resolve))
    ports.fn('tell', () => 1)()
  })
}

test.for([
  ['one that keeps no process alive', bucket((refill) => refill.unref())],
  ['one that is meant to', bucket(() => {}).background()],
] as const)('a timer that a module starts in one scenario goes on in the next: %s', async ([, takes]) => {
  for (let times = 0; times < 3; times++) {
    const { problems, remarks, virtualMs } = await runScenario(takes)
    expect({ problems, virtualMs }).toEqual({ problems: [], virtualMs: 1_234 })
    // Whoever wonders what ended a wait is told that it began in another scenario.
    expect(remarks.map(({ code }) => code)).toEqual(times === 0 ? [] : ['E_LEFT_OVER'])
  }
})

test('a stall says that the timers of earlier scenarios ended with them, where they kept the process alive', async () => {
  const takes = bucket(() => {})
  expect((await runScenario(takes, { replay: false })).problems).toMatchObject([{ oracle: 'no-orphans' }])
  const [problem] = (await runScenario(takes, { replay: false })).problems
  expect(problem?.message).toContain('Timers that earlier scenarios began ended with them (')
  expect(problem?.message).toContain('setInterval of 1234 ms')
})

/** What `Temporal.Now` tells a minute after the scenario began. */
const TEMPORAL: Readonly<Record<string, string>> = {
  instant: '2026-01-01T00:01:00Z',
  zonedDateTimeISO: '2026-01-01T00:01:00+00:00[UTC]',
  plainDateTimeISO: '2026-01-01T00:01:00',
  plainDateISO: '2026-01-01',
  plainTimeISO: '00:01:00',
}

test('Temporal tells the virtual time; Node has it from 26 on', async () => {
  const { Temporal } = globalThis as { Temporal?: { Now: Record<string, (zone: string) => unknown> } }
  const expected = Temporal === undefined ? {} : TEMPORAL
  const tells = scenario('tells').subject(async (_: unknown, ports: Ports) => {
    await sleepByPromise(60_000)
    const told = Object.keys(expected).map((name) => [name, String(Temporal?.Now[name]?.('UTC'))])
    return ports.fn('tell', () => Object.fromEntries(told) as unknown)()
  })
  expect((await runScenario(tells)).output).toEqual(expected)
})

test('waits with options are virtual, and hrtime counts seconds', async () => {
  const { output, virtualMs } = await runScenario(
    scenario('waits')
      .subject(async (_: unknown, ports: Ports) => {
        await sleepByPromise(5_000, 0, { ref: true })
        await sleepByPromise(300, 0, { signal: new AbortController().signal })
        const began = process.hrtime()
        await scheduler.wait(1_500, { ref: false } as never)
        const passed = process.hrtime(began)
        return ports.fn('tell', () => passed)()
      })
      .timers('global'),
    { replay: false },
  )
  expect(output).toEqual([1, 500_000_000])
  expect(virtualMs).toBe(6_800)
})

test('what modules have imported by name is real again after each scenario', async () => {
  for (const name of ['first', 'second']) {
    const naps = scenario(name).subject(async (_: unknown, ports: Ports) => {
      await sleepByPromise(10)
      ports.fn('tell', () => 1)()
    })
    await runScenario(naps.timers('global'), { replay: false })
    await turn()
    expect(sleepByPromise).toBe(timersPromises.setTimeout)
  }
})

test('clocks that count from the start of the process are never 0, which much code takes for "not yet"', async () => {
  const reads = scenario('reads').subject((_: unknown, ports: Ports) =>
    ports.fn('tell', () => [
      performance.now(),
      process.uptime(),
      process.hrtime(),
      performance.timeOrigin + performance.now() - Date.now(),
    ])(),
  )
  expect((await runScenario(reads)).output).toEqual([1_000, 1, [1, 0], 0])
})

test.for([
  ['in a loop', async () => {}],
  ['turn by turn', promisify(setImmediate)],
] as const)('code that reads a clock until time has passed, %s, comes to its end', async ([, pause]) => {
  const polls = scenario('polls').subject(async (_: unknown, ports: Ports) => {
    const beganMs = Date.now()
    while (Date.now() - beganMs < 5) await pause()
    return ports.fn('tell', () => Date.now() - beganMs)()
  })
  const { problems, output } = await runScenario(polls, { replay: false })
  expect({ problems, output }).toEqual({ problems: [], output: 5 })
})
