import { type Expectation, type Ports, runScenario, scenario, type Scenario } from 'shakedown/harness'
import { afterEach, expect, test } from 'vitest'
import { withBrokenLanguage } from '../../../support/with-broken-language.ts'

/** What a dishonest subject does before it gives a wrong answer; each gives back how to undo it. */
const tricks: readonly (readonly [string, () => () => void])[] = [
  ['Object.is', () => replace(Object, 'is', () => true)],
  ['Array.prototype.filter', () => replace(Array.prototype, 'filter', () => [])],
  ['Array.prototype.flatMap', () => replace(Array.prototype, 'flatMap', () => [])],
  ['Array.prototype.some', () => replace(Array.prototype, 'some', () => false)],
  ['Object.entries', () => replace(Object, 'entries', () => [])],
  ['Object.keys', () => replace(Object, 'keys', () => [])],
  ['Math.abs', () => replace(Math, 'abs', () => Infinity)],
  ['JSON.stringify', () => replace(JSON, 'stringify', () => '{}')],
  ['Map.prototype.get', () => replace(Map.prototype, 'get', () => undefined)],
  ['RegExp.prototype.test', () => replace(RegExp.prototype, 'test', () => true)],
  ['String.prototype.includes', () => replace(String.prototype, 'includes', () => true)],
]

let undo: (() => void) | undefined
afterEach(() => {
  undo?.()
  undo = undefined
})

test.for(tricks)('a subject that replaces %s is judged without it', async ([name, trick]) => {
  const dishonest = async (_: unknown, ports: Ports): Promise<unknown> => {
    await ports.fn('save', async () => {})()
    // For the second execution it is there already.
    undo ??= withBrokenLanguage(trick)
    return { total: 13 }
  }
  const written = scenario('dishonest').subject(dishonest).input(null)
  const verdict = await runScenario(
    written.expect({ output: { total: 12 }, attempts: { save: 2 }, order: ['fn:save', 'fn:save'] }),
  )
  undo?.()
  undo = undefined
  expect(verdict.problems.map(({ at }) => at.join('.'))).toEqual([
    'expect.output',
    'expect.attempts.save',
    'expect.order',
  ])
  expect(verdict.remarks).toEqual([{ code: 'E_INTRINSICS', message: expect.stringContaining(name) }])
})

test('a subject that keeps what it dislikes out of every list erases no evidence', async () => {
  const { push } = Array.prototype
  const subject = async (_: unknown, ports: Ports): Promise<void> => {
    await ports.fn('save', async () => {})()
    undo ??= replacing(Array.prototype, 'push', function (this: unknown[], ...added: unknown[]) {
      return (added[0] as { reason?: unknown } | undefined)?.reason ? 0 : push.apply(this, added)
    })
  }
  const vacuous = scenario('erases').subject(subject).input(null).on('fn:save#7', 'reject')
  const { problems, remarks } = await runScenario(vacuous, { replay: false })
  undo?.()
  undo = undefined
  expect(problems).toMatchObject([{ code: 'E_VACUOUS' }])
  expect(remarks).toMatchObject([{ code: 'E_INTRINSICS' }])
})

test('a call is noted down whatever a subject has made of lists', async () => {
  const { push } = Array.prototype
  const subject = async (_: unknown, ports: Ports): Promise<void> => {
    undo ??= replacing(Array.prototype, 'push', function (this: unknown[], ...added: unknown[]) {
      return (added[0] as { nth?: unknown } | undefined)?.nth ? 0 : push.apply(this, added)
    })
    await ports.fn('save', async () => {})()
  }
  const { problems } = await runScenario(
    scenario('unseen')
      .subject(subject)
      .input(null)
      .expect({ calls: { 'fn:save': 0 } }),
    { replay: false },
  )
  undo?.()
  undo = undefined
  expect(problems).toMatchObject([{ at: ['expect', 'calls', 'fn:save'] }])
})

test('a subject has nothing of its world that it could change, or is judged by', async () => {
  const subject = async (_: unknown, ports: Ports): Promise<void> => {
    await ports.fn('save', async () => {})()
    const world = ports.world as { uncaught?: unknown[]; clock: { monotonicMs: () => number } }
    world.clock.monotonicMs()
    ports.world.clock.after(10, 'careless', () => {
      throw new Error('thrown in a timer')
    })
    await ports.clock.sleep(20)
    for (const change of [
      () => (world.uncaught!.length = 0),
      () => (world.clock.monotonicMs = () => 300),
      () => Object.assign(world, { boundary: (_call: unknown, real: () => unknown) => real() }),
      () => Object.assign(world, { random: () => 0 }),
    ])
      expect(change).toThrow(TypeError)
  }
  const { problems, virtualMs, error } = await runScenario(
    scenario('rewrites').subject(subject).input(null),
    {
      replay: false,
    },
  )
  expect(error).toBe(null)
  expect(problems).toMatchObject([{ oracle: 'no-unhandled-rejection' }])
  expect(virtualMs).toBe(20)
})

test.for(['unhandledRejection', 'uncaughtException'] as const)(
  'a subject that removes the watch for %s does not pass',
  async (event) => {
    const subject = async (_: unknown, ports: Ports): Promise<void> => {
      await ports.fn('save', async () => {})()
      process.removeAllListeners(event)
    }
    const before = process.rawListeners(event)
    const { problems } = await runScenario(scenario('deafens').subject(subject).input(null), {
      replay: false,
    })
    expect(problems).toMatchObject([
      {
        oracle: 'no-unhandled-rejection',
        message: expect.stringContaining(`removed the listeners of ${event} that others had added`),
      },
    ])
    expect(process.rawListeners(event)).toEqual(before)
  },
)

test('what a subject replaced is put back after the scenario', async () => {
  const { is } = Object
  const patched = (): boolean => true
  const subject = async (_: unknown, ports: Ports): Promise<void> => {
    await ports.fn('save', async () => {})()
    undo ??= replacing(Object, 'is', patched)
  }
  await runScenario(scenario('patches').subject(subject).input(null))
  const after = Object.is
  undo?.()
  expect(after === is).toBe(true)
})

test('a subject cannot rewrite the scenario it runs in', async () => {
  const found: unknown[] = []
  const cheat: Scenario = {
    spec: {
      name: 'cheat',
      input: null,
      faults: {},
      expect: { output: { total: 12 } },
      seed: 1,
      http: 'ports',
      timers: 'ports',
    },
    subject: {
      kind: 'function',
      run: (_, ports) => {
        ;(ports as Ports).fn('save', () => {})()
        for (const rewrite of [
          () => Object.assign(cheat.spec.expect.output as object, { total: 13 }),
          () => Object.assign(cheat.spec.expect, { output: { total: 13 } }),
          () => Object.assign(cheat.spec, { expect: {} }),
        ])
          try {
            rewrite()
          } catch (error) {
            found.push(error)
          }
        Object.assign(cheat, { spec: { ...cheat.spec, expect: {} } })
        return { total: 13 }
      },
    },
  }
  const { problems } = await runScenario(cheat, { replay: false })
  expect(problems).toMatchObject([{ at: ['expect', 'output'] }])
  expect(found).toHaveLength(3)
})

function replacing(holder: object, key: string, value: unknown): () => void {
  return withBrokenLanguage(() => replace(holder, key, value))
}

function replace(holder: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, key)!
  Object.defineProperty(holder, key, { ...before, value })
  return () => Object.defineProperty(holder, key, before)
}

test.for<[what: string, trick: () => () => void, expectation: Expectation, at: string]>([
  [
    'Array.prototype.entries',
    () => replace(Array.prototype, 'entries', () => [].values()),
    { output: { total: 12 } },
    'output',
  ],
  [
    'Array.prototype.findIndex',
    () => replace(Array.prototype, 'findIndex', () => -1),
    { calls: { 'fn:save': { gapsMs: { min: 500 } } } },
    'calls.fn:save.gapsMs',
  ],
  [
    'globalThis.RegExp',
    () =>
      replace(
        globalThis,
        'RegExp',
        class extends RegExp {
          override test = () => true
        },
      ),
    { output: { total: 13 }, outputMatches: { note: { matches: 'zzy' } } },
    'outputMatches',
  ],
])(
  'a subject that replaces %s passes nothing with it, nor does the next one',
  async ([name, replaceIt, expectation, at]) => {
    const subject =
      (trick?: () => () => void) =>
      async (_: unknown, ports: Ports): Promise<unknown> => {
        const save = ports.fn('save', async () => {})
        await save()
        await ports.clock.sleep(10)
        await save()
        if (trick !== undefined) undo ??= withBrokenLanguage(trick)
        return { total: 13, note: 'ok' }
      }
    const written = scenario('dishonest').subject(subject(replaceIt)).input(null).expect(expectation)
    const { problems, remarks } = await runScenario(written)
    expect(problems.map((problem) => problem.at.slice(1).join('.'))).toContain(at)
    expect(remarks).toEqual([{ code: 'E_INTRINSICS', message: expect.stringContaining(name) }])
    const next = await runScenario(scenario('honest').subject(subject()).input(null).expect(expectation))
    expect(next.problems.map((problem) => problem.at.slice(1).join('.'))).toContain(at)
    expect(next.remarks).toEqual([])
  },
)
