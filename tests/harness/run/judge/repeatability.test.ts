import { expect, test } from 'vitest'
import { repeatabilityOf } from '../../../../harness/run/judge/repeatability.ts'
import type { Scenario } from '../../../../harness/scenario/scenario.ts'
import type { ScenarioSpec } from '../../../../harness/scenario/spec.ts'
import { scenarioOf } from './observation.ts'

function compared(
  first: string,
  second: string,
  kind: Scenario['subject']['kind'],
  spec: Partial<ScenarioSpec> = {},
) {
  return repeatabilityOf(scenarioOf(kind, spec), first, second)
}

const remark = (random: string): object => ({
  code: 'E_NOT_REPEATABLE',
  message:
    'A second execution with the same seed left another trace, so a failure of this scenario may not come again. ' +
    `The likely cause is state that is kept in the module (a cache, a counter), ${random}or real time. ` +
    'Say `repeatable: true` where that must not be.',
})

test.for(['function', 'pipeline'] as const)('two equal traces of a %s are nothing to tell', (kind) => {
  expect(compared('a', 'a', kind)).toEqual({ problems: [], remarks: [] })
})

test('two traces of a function are a remark, which names the randomness that the scenario does not have in hand', () => {
  expect(compared('a', 'b', 'function', { timers: 'global' })).toEqual({
    problems: [],
    remarks: [remark('randomness that is not seeded, ')],
  })
  const own = remark('randomness that is not `ports.random`, ')
  expect(compared('a', 'b', 'function', { timers: 'ports' })).toEqual({ problems: [], remarks: [own] })
})

test('two traces are a problem of a pipeline, and of a scenario that says it is repeatable', () => {
  const { problems, remarks } = compared('a', 'b', 'pipeline')
  expect(problems).toMatchObject([{ code: 'E_ORACLE', oracle: 'same-digest' }])
  expect(remarks).toEqual([])
  expect(compared('a', 'b', 'function', { repeatable: true }).problems).toHaveLength(1)
  expect(compared('a', 'b', 'pipeline', { repeatable: false }).problems).toEqual([])
})
