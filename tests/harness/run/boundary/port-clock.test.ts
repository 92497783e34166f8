import { type Ports, type PortClock, type PortTimer, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

type Clock = Ports['clock']

/** A subject that has nothing but a clock; its one call keeps the scenario from being vacuous. */
const timed = (use: (clock: Clock) => unknown) =>
  scenario('timed')
    .subject(async (_: unknown, ports: Ports) => {
      ports.fn('note', () => {})()
      return await use(ports.clock)
    })
    .input(null)

const outputOf = async (use: (clock: Clock) => unknown): Promise<unknown> => {
  const verdict = await runScenario(timed(use))
  expect(verdict.problems).toEqual([])
  return [verdict.output, verdict.virtualMs]
}

test('timeouts and intervals fire in virtual time, with their arguments, in order', async () => {
  const run = ({ setTimeout, setInterval, clearInterval, monotonicMs }: Clock) =>
    new Promise((resolve) => {
      const log: unknown[] = []
      const note = (said: string): void => void log.push([said, monotonicMs()])
      setTimeout(note, 100, 'once')
      const beat: PortTimer = setInterval(
        (said: string) => {
          note(said)
          if (log.length < 4) return
          clearInterval(beat)
          resolve(log)
        },
        40,
        'beat',
      )
    })
  expect(await outputOf(run)).toEqual([
    [
      ['beat', 40],
      ['beat', 80],
      ['once', 100],
      ['beat', 120],
    ],
    120,
  ])
})

test('a timer can be cleared, disposed of and started over', async () => {
  const run = async (clock: Clock): Promise<string[]> => {
    const log: string[] = []
    clock.clearTimeout(clock.setTimeout(() => log.push('cleared'), 10))
    clock.clearTimeout(undefined)
    {
      using disposed = clock.setInterval(() => log.push('disposed'), 10)
      disposed.ref()
    }
    const late = clock.setTimeout(() => log.push(`late at ${clock.monotonicMs()}`), 50)
    await clock.sleep(30)
    late.refresh()
    await clock.sleep(50)
    return log
  }
  expect(await outputOf(run)).toEqual([['late at 80'], 80])
})

test('now is the wall clock, and a signal aborts by time as Node has it', async () => {
  const run = async (clock: PortClock): Promise<unknown[]> => {
    const startedMs = clock.now()
    const signal = clock.timeoutSignal(70)
    const reason = await clock.sleep(1_000, signal).catch((error: unknown) => error)
    expect(() => clock.timeoutSignal(-1)).toThrow(RangeError)
    return [clock.now() - startedMs, String(reason), signal.reason === reason]
  }
  expect(await outputOf(run)).toEqual([
    [70, 'TimeoutError: The operation was aborted due to timeout', true],
    70,
  ])
})

test('an interval that nobody stops is a leftover, unless the subject says that it goes on', async () => {
  const leaving = timed((clock) => void clock.setInterval(() => {}, 10)).limits({ jumps: 50 })
  const { problems } = await runScenario(leaving)
  expect(problems).toMatchObject([{ code: 'E_ORACLE', oracle: 'no-orphans' }])
  expect(problems[0]?.message).toContain('setInterval of 10 ms (since 0 ms)')
  expect((await runScenario(leaving.background())).problems).toEqual([])
})

test.for<[string, (clock: Clock) => unknown]>([
  ['a cleared one', (clock) => clock.clearTimeout(clock.setTimeout(() => {}, 100))],
  ['one that is unref’d', (clock) => void clock.setInterval(() => {}, 10).unref()],
  ['one that fires soon', (clock) => void clock.setTimeout(() => {}, 0)],
])('%s is none', async ([, use]) => {
  expect((await runScenario(timed(use).limits({ jumps: 50 }))).problems).toEqual([])
})

test('what throws in a timer ends no interval, and is told', async () => {
  const run = async (clock: Clock): Promise<number> => {
    let beats = 0
    const beat = clock.setInterval(() => {
      beats++
      throw new Error('a beat failed')
    }, 10)
    await clock.sleep(35)
    clock.clearInterval(beat)
    return beats
  }
  const verdict = await runScenario(timed(run))
  expect(verdict.output).toBe(3)
  expect(verdict.problems.map(({ oracle }) => oracle)).toEqual(Array(3).fill('no-unhandled-rejection'))
})

test('a loop that only waits for its interval is told with what waits', async () => {
  const endless = timed((clock) => new Promise(() => clock.setInterval(() => {}, 250))).limits({ jumps: 20 })
  const { problems } = await runScenario(endless)
  expect(problems).toMatchObject([{ code: 'E_LIVELOCK' }])
  expect(problems[0]?.message).toContain('setInterval of 250 ms')
})

test('a sleep that nobody waits for any more is remarked, as a timer is, where it would keep the process alive', async () => {
  const racing = (ms: number, tidy: (leave: AbortController) => void) =>
    timed(async (clock) => {
      const leave = new AbortController()
      await Promise.race([clock.sleep(10), clock.sleep(ms, leave.signal).catch(() => {})])
      tidy(leave)
    })
  const [remark] = (await runScenario(racing(30_000, () => {}))).remarks
  expect(remark).toEqual({
    code: 'E_TIMER_LEFT',
    message:
      'ports.clock.sleep of 30000 ms (since 0 ms) still waited when the subject had settled, and would keep the process alive for 29990 ms. Clear it when the work is over, or `unref()` it.',
  })
  for (const right of [racing(1_000, () => {}), racing(30_000, (leave) => leave.abort())])
    expect((await runScenario(right)).remarks).toEqual([])
})

test('a loop of sleeps that nobody ends goes on for ever', async () => {
  const polling = timed((clock) => {
    const poll = async (): Promise<never> => {
      for (;;) await clock.sleep(200)
    }
    void poll()
  }).limits({ jumps: 50 })
  const [problem] = (await runScenario(polling)).problems
  expect(problem?.message).toContain('got ports.clock.sleep of 200 ms (since')
  expect((await runScenario(polling.background())).problems).toEqual([])
})
