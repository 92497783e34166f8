import { mock } from 'node:test'
import { createEngine, step } from 'shakedown'
import { runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { realExecutor } from '../../../harness/run/execution.ts'
import { runScenarioOn } from '../../../harness/run/run-scenario.ts'

const mocked = [{ code: 'E_EXECUTOR_MOCKED', at: ['subject'] }]

test.for([
  ['node:test', mock.fn(() => 1)],
  // What sinon puts on each of its spies, stubs and fakes.
  ['sinon', Object.assign(() => 1, { isSinonProxy: true })],
] as const)('a subject that is a %s spy is refused, by the name of its library', async ([library, spy]) => {
  const { problems, ...verdict } = await runScenario(scenario('mocked').subject(spy).input(null))
  expect(problems).toMatchObject(mocked)
  expect(verdict).toMatchObject({ ok: false, status: 'skipped', remarks: [], calls: [], trails: [] })
  expect(problems[0]?.message).toContain(`${library} spy`)
})

test.for([
  ['a proxy around a real one', () => new Proxy(createEngine(), {})],
  [
    'an object that inherits from a real one',
    () => Object.create(createEngine()) as ReturnType<typeof createEngine>,
  ],
  ['a look-alike', () => ({ run: () => Promise.resolve({ status: 'completed' }) }) as never],
  ['nothing, as an automocked module gives', () => undefined as never],
] as const)('an engine that is %s is refused before it runs', async ([, fake]) => {
  const plain = scenario('mocked').subject(step('a', () => 1))
  const { problems } = await runScenarioOn({ ...realExecutor, createEngine: fake }, plain, {})
  expect(problems).toMatchObject(mocked)
})
