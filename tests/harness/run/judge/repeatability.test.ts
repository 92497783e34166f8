import { expect, test } from 'vitest'
import { repeatabilityOf } from '../../../../harness/run/judge/repeatability.ts'
import type { Digests } from '../../../../harness/run/judge/digest.ts'
import type { Scenario } from '../../../../harness/scenario/scenario.ts'
import type { ScenarioSpec } from '../../../../harness/scenario/spec.ts'
import { scenarioOf } from './observation.ts'

function compared(
  first: string,
  second: string,
  kind: Scenario['subject']['kind'],
  spec: Partial<ScenarioSpec> = {},
) {
  return repeatabilityOf(scenarioOf(kind, spec), digests(first), digests(second))
}

function digests(exact: string, { apart = exact, realWork = false, atOnce = false } = {}): Digests {
  return { exact, apart: () => apart, realWork, atOnce }
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

test('a pipeline whose traces differ only by which of several real jobs ended first is repeatable', () => {
  const [a, b] = [digests('a', { apart: 'x', realWork: true }), digests('b', { apart: 'x' })]
  expect(repeatabilityOf(scenarioOf('pipeline', {}), a, b)).toEqual({ problems: [], remarks: [] })
  const virtual = repeatabilityOf(scenarioOf('pipeline', {}), digests('a', { apart: 'x' }), b)
  expect(virtual.problems).toHaveLength(1)
})

test('what depends on which real job ends first is a remark, and a problem where only one can be under way', () => {
  const of = (atOnce: boolean, spec: Partial<ScenarioSpec> = {}) =>
    repeatabilityOf(
      scenarioOf('pipeline', spec),
      digests('a', { realWork: true, atOnce }),
      digests('b', { realWork: true, atOnce }),
    )
  const { problems, remarks } = of(true)
  expect(problems).toEqual([])
  expect(remarks).toMatchObject([
    { code: 'E_NOT_REPEATABLE', message: expect.stringContaining('`repeatable: false`') },
  ])
  expect(of(false).problems).toMatchObject([{ message: expect.stringContaining('`repeatable: false`') }])
  expect(of(true, { repeatable: true }).problems).toHaveLength(1)
})
