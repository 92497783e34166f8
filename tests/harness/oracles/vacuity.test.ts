import { expect, test } from 'vitest'
import { vacuity } from '../../../harness/oracles/vacuity.ts'
import { call, judge } from './evidence.ts'

const unfired = (text: string, reason = 'never-called') => ({ pattern: 'step:a', index: 0, text, reason })

test('vacuity: a scenario that reached a boundary point and whose faults fired proves something', () => {
  expect(judge(vacuity, { calls: [call('a', 1)], faultsUnfired: [] })).toEqual([])
})

test.for<[string, object]>([
  ['without a result', {}],
  ['that completed', { result: { error: null } }],
  ['that failed for another reason', { result: { error: { code: 'E_STEP' } } }],
])('vacuity: an executor %s that called nothing did nothing', ([, end]) => {
  expect(judge(vacuity, { faultsUnfired: [], ...end })).toEqual([
    {
      code: 'E_VACUOUS',
      oracle: 'vacuity',
      at: ['subject'],
      message:
        'The executor never reached a boundary point, so the scenario proves nothing. No boundary point was reached: name steps, or wrap calls with ports.fn or ports.fetch.',
    },
  ])
})

test('vacuity: to refuse a chain that can never run is the work of the executor', () => {
  const result = { error: { code: 'E_FALLBACK_CHAIN' } }
  expect(judge(vacuity, { faultsUnfired: [], result })).toEqual([])
})

test('vacuity: each fault that never fired, and the points that were reached', () => {
  const points = ['step:a', 'step:b', 'step:a'].map((point) => ({ point }))
  const problems = judge(vacuity, { calls: points, faultsUnfired: [unfired('reject'), unfired('throw')] })
  expect(problems.map(({ message, at }) => [at, message])).toEqual([
    [
      ['faults', 'step:a'],
      'Fault `reject` at `step:a` never fired: no call came to it. Reached: step:a (2×), step:b (1×).',
    ],
    [
      ['faults', 'step:a'],
      'Fault `throw` at `step:a` never fired: no call came to it. Reached: step:a (2×), step:b (1×).',
    ],
  ])
})
