import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { importSubject } from '../../../../harness/vitest/worker/imported-subject.ts'
import { importedAt } from '../../../../harness/world/globals/clock-for.ts'
import { installFakes } from '../../../../harness/world/globals/fakes.ts'
import { GlobalTimeline } from '../../../../harness/world/globals/global-timeline.ts'
import { keptTimers } from '../../../../harness/world/globals/kept-timers.ts'
import { WALL_START_MS } from '../../../../harness/world/sim-world.ts'
import { inNameOf } from '../../../../harness/world/work/hook.ts'
import { Work } from '../../../../harness/world/work/work.ts'

type Run = (input: unknown, ports: Ports) => unknown

/** The subject of a module, imported as that of a scenario file is. */
async function imported(load: () => Promise<Run>): Promise<Run> {
  const subject = await importSubject('/p/a.scenario.yaml', './a.ts', async () => ({ run: await load() }))
  if (subject.kind === 'failure') throw subject.error
  return subject.exports['run'] as Run
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const built = (run: Run) => scenario('of a module').subject(run).expect({ status: 'completed' })

async function ended(run: Run, change = built) {
  const { problems, remarks, output, virtualMs } = await runScenario(change(run))
  return { told: [...problems, ...remarks].map(({ message }) => message), output, virtualMs }
}

test.for([
  ['that keeps no process alive', (beat: NodeJS.Timeout) => beat.unref()],
  ['that does', (beat: NodeJS.Timeout) => beat],
] as const)('an interval of a module %s beats in each scenario from its beginning', async ([, tidy]) => {
  let beats = 0
  let wake = (): void => {}
  let beat: NodeJS.Timeout | undefined
  const run = await imported(async () => {
    beat = setInterval(() => {
      beats++
      wake()
    }, 60_000)
    tidy(beat)
    return async (_: unknown, ports: Ports) => {
      const before = beats
      await sleep(150_000)
      const inTime = beats - before
      // Only the module's own timer ends this wait.
      await new Promise<void>((resolve) => (wake = resolve))
      return ports.fn('tell', () => inTime)()
    }
  })
  for (let times = 0; times < 2; times++)
    expect(await ended(run)).toEqual({ told: [], output: 2, virtualMs: 180_000 })
  const after = beats
  clearInterval(beat)
  await ended(async (_: unknown, ports: Ports) => {
    await sleep(600_000)
    ports.fn('tell', () => 1)()
  })
  expect(beats).toBe(after)
})

test('a chain of timers is as good as an interval, and what it does holds time as the subject does', async () => {
  let sweeps = 0
  let stopped = false
  const run = await imported(async () => {
    const sweep = async (): Promise<void> => {
      await readFile(new URL(import.meta.url))
      sweeps++
      if (!stopped) setTimeout(() => void sweep(), 10_000).unref()
    }
    setTimeout(() => void sweep(), 10_000).unref()
    return async (_: unknown, ports: Ports) => {
      const before = sweeps
      await sleep(35_000)
      return ports.fn('tell', () => sweeps - before)()
    }
  })
  for (let times = 0; times < 2; times++)
    expect(await ended(run)).toEqual({ told: [], output: 3, virtualMs: 35_000 })
  stopped = true
  await ended(run)
})

test('an import may wait for its own timers, and what it sets for soon is real', async () => {
  const soon = Promise.withResolvers<void>()
  const run = await imported(async () => {
    await sleep(5)
    await new Promise<void>((resolve) => {
      const beat = setInterval(() => {
        clearInterval(beat)
        resolve()
      }, 2)
    })
    setTimeout(soon.resolve, 3)
    return (_: unknown, ports: Ports) => ports.fn('tell', () => 'ready')()
  })
  await soon.promise
  expect(await ended(run)).toEqual({ told: [], output: 'ready', virtualMs: 0 })
})

/** Beats for as long as `use` takes. */
async function beating(ms: number, use: (beats: () => number) => Promise<void>): Promise<void> {
  let beats = 0
  const beat = await imported(async () => {
    const timer = setInterval(() => void beats++, ms)
    return () => clearInterval(timer)
  })
  try {
    await use(() => beats)
  } finally {
    beat(undefined, undefined as never)
  }
}

test('beside a beat of a module a subject that waits for nothing is a stall, not a livelock', () =>
  beating(1_000, async (beats) => {
    const waits = scenario('waits').subject((_: unknown, ports: Ports) => {
      ports.fn('tell', () => 1)()
      return new Promise(() => {})
    })
    const { problems } = await runScenario(waits)
    expect(problems).toMatchObject([{ code: 'E_STALL' }])
    expect(problems[0]?.message).toContain(
      'Timers that modules keep from scenario to scenario (setInterval of 1000 ms) went on meanwhile, and woke nothing.',
    )
    expect(beats()).toBeGreaterThan(1_000)
  }))

test('a wait of weeks costs no more because a module beats, and the beat goes on after it', () =>
  beating(50, async (beats) => {
    const waits = scenario('waits').subject(async (_: unknown, ports: Ports) => {
      await sleep(20 * 86_400_000)
      const before = beats()
      await sleep(1_000)
      return ports.fn('tell', () => beats() - before)()
    })
    const { problems, output, virtualMs } = await runScenario(waits, { replay: false })
    expect({ problems, output, virtualMs }).toEqual({ problems: [], output: 19, virtualMs: 1_728_001_000 })
    // Of the 34 560 000 beats of twenty days, few are beaten.
    expect(beats()).toBeLessThan(20_000)
  }))

test('a beat of a module makes no wait of the subject: a caller does not leave during it, and real work comes first', () =>
  beating(1_000, async () => {
    const asks = scenario('asks')
      .subject(async (_: unknown, ports: Ports) => {
        const { signal } = ports
        const failed = await ports
          .fn('ask', () => Promise.reject(new Error('no')))()
          .catch(() => 'failed')
        const { port1, port2 } = new MessageChannel()
        port1.postMessage('hello')
        await once(port2, 'message')
        port1.close()
        return [failed, signal.aborted]
      })
      .abort({ during: 'backoff' })
    const { output, virtualMs } = await runScenario(asks, { replay: false })
    expect({ output, virtualMs }).toEqual({ output: ['failed', false], virtualMs: 0 })
  }))

test('what dies with its process beats again in the next scenario', () =>
  beating(1_000, async (beats) => {
    const dies = scenario('dies')
      .subject(async (_: unknown, ports: Ports) => {
        await sleep(5_500)
        return ports.fn('tell', () => beats())()
      })
      .crash(2_500, () => async (_: unknown, ports: Ports) => {
        await sleep(5_500)
        return ports.fn('tell', () => beats())()
      })
    expect((await runScenario(dies, { replay: false })).output).toBe(2)
    expect(
      await ended(async (_: unknown, ports: Ports) => {
        await sleep(3_500)
        return ports.fn('tell', () => beats())()
      }),
    ).toMatchObject({ output: 5 })
  }))

test('a subject that leaves an interval in each call does not fill the process with them', async () => {
  const leaves = built((_: unknown, ports: Ports) => {
    setInterval(() => {}, 10_000).unref()
    ports.fn('tell', () => 1)()
  })
  for (let times = 0; times < 60; times++) await runScenario(leaves, { replay: false })
  expect(keptTimers.size).toBe(50)
})

test('a wait of a second at import is upkeep; a scenario is told when nothing of its own waits beside it', async () => {
  const putBack = installFakes()
  const timers = await importedAt(WALL_START_MS, async () => [
    setTimeout(() => {}, 1_000),
    setTimeout(() => {}, 999).unref(),
  ])
  putBack()
  expect(keptTimers.words()).toEqual(['setTimeout of 1000 ms'])
  const timeline = new GlobalTimeline(WALL_START_MS)
  try {
    expect(timeline.onlyKeptWait()).toBe(true)
    const own = inNameOf(new Work(() => 0), () => setTimeout(() => {}, 10))
    expect(timeline.onlyKeptWait()).toBe(false)
    clearTimeout(own)
    expect(timeline.onlyKeptWait()).toBe(true)
    for (const timer of timers) clearTimeout(timer)
    expect(timeline.onlyKeptWait()).toBe(false)
  } finally {
    timeline.uninstall()
  }
  expect(keptTimers.size).toBe(0)
})
