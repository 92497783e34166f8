import { type AnyNode, bestEffort, functionAdapter, parallel, pipeline, quorum, route, step } from 'shakedown'
import { runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { outerTimeoutRemarks } from '../../../../harness/run/judge/outer-timeout.ts'
import { planOf } from '../../../../src/run/plan-of.ts'

const quick = step('quick', (n: number) => n)
// Three attempts of a second each, with 100 and 200 ms between them.
const patient = step('patient', (n: number) => n, { retries: 2, timeoutMs: 1_000 })
const asked = route('ask', { adapters: [functionAdapter('a', (n: number) => n)], timeoutMs: 1_000 })

const findings = (node: AnyNode) => outerTimeoutRemarks({ plan: planOf(node) }).map(({ message }) => message)
const waiting = (branch: AnyNode, timeoutMs: number) =>
  parallel('both', { quick, branch }, { join: bestEffort({ timeoutMs }) })

test.for([
  ['a step', patient],
  ['a route', asked],
  ['a step in a pipeline', pipeline('p', patient, quick)],
  ['a fallback', quick.fallback(patient)],
] as const)(
  '%s that may take longer than its join waits is found, and one that may not is fine',
  ([, branch]) => {
    expect(findings(pipeline('all', waiting(branch, 3_300) as never))).toEqual([
      'The join of all/both waits 3300 ms, and its branch branch may take 3300 ms with all its attempts and the waits between them: the last ones can never count. Give the join more time, or the branch fewer attempts.',
    ])
    expect(findings(waiting(branch, 3_301))).toEqual([])
  },
)

test('a join that waits for ever is fine, and so are branches whose time nobody knows', () => {
  expect(findings(parallel('both', { quick, patient }, { join: quorum(1) }))).toEqual([])
  expect(findings(parallel('both', { quick, patient }))).toEqual([])
  expect(
    findings(
      waiting(
        step('open', (n: number) => n),
        1,
      ),
    ),
  ).toEqual([])
})

test('a scenario is told of it, and passes all the same', async () => {
  const node = parallel('both', { quick, patient }, { join: bestEffort({ timeoutMs: 100 }) })
  const verdict = await runScenario(scenario('short').subject(node).input(1).expect({ status: 'completed' }))
  expect(verdict).toMatchObject({ problems: [], remarks: [{ code: 'E_OUTER_TIMEOUT' }] })
})
