import { step } from 'shakedown'
import { expect, test } from 'vitest'
import { judge } from '../../../../harness/run/judge/judge.ts'
import { planOf } from '../../../../src/run/plan-of.ts'
import { observationOf, scenarioOf } from './observation.ts'

/** A run whose one token has come to no end: against oracle 1, which judges engines. */
function judged(kind: 'pipeline' | 'function'): readonly (string | undefined)[] {
  const observation = observationOf({
    scenario: scenarioOf(kind),
    plan: kind === 'pipeline' ? planOf(step('a', () => 1)) : undefined,
    records: [{ kind: 'token', runId: 'r', tokenId: 't1', parentIds: [], branch: null, item: null, atMs: 0 }],
  })
  return judge(observation).map(({ oracle }) => oracle)
}

test('the trail of a pipeline is judged by the oracles of engines', () => {
  expect(judged('pipeline')).toContain('one-outcome')
})

test('that of an engine which a function uses on its own is not', () => {
  expect(judged('function')).not.toContain('one-outcome')
})
