import { type Ports, runScenario, scenario, type Scenario } from 'shakedown/harness'
import { afterEach, expect, test } from 'vitest'

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
    undo ??= trick()
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

test('what a subject replaced is as it left it afterwards', async () => {
  const patched = (): boolean => true
  const subject = async (_: unknown, ports: Ports): Promise<void> => {
    await ports.fn('save', async () => {})()
    undo ??= replace(Object, 'is', patched)
  }
  await runScenario(scenario('patches').subject(subject).input(null))
  expect(Object.is === patched).toBe(true)
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

function replace(holder: object, key: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(holder, key)!
  Object.defineProperty(holder, key, { ...before, value })
  return () => Object.defineProperty(holder, key, before)
}
