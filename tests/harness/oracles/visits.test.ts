import { parallel, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { realExecutor } from '../../../harness/run/execution.ts'
import { runScenarioOn } from '../../../harness/run/run-scenario.ts'
import { repeat } from '../../support/repeat.ts'

test('a path that a loop repeats and a fork splits is judged visit by visit', async () => {
  // In the first round the primary fails for good and its fallback runs; in the second it needs a retry; then none.
  const flaky = step('flaky', (n: number) => n + 1, { retries: 1 }).fallback(step('backup', (n) => n + 10))
  const body = pipeline(
    'body',
    flaky,
    parallel('both', { a: step('a', (n: number) => n), b: step('b', (n: number) => n) }),
    step('pick', ({ a }: { a: number }) => a),
  )
  const verdict = await runScenarioOn(
    realExecutor,
    {
      spec: {
        name: 'rounds',
        input: 0,
        faults: { 'step:flaky': '3*reject("a") -> off' },
        expect: { calls: { 'step:flaky': 5, 'step:backup': 1 } },
        seed: 1,
        http: 'ports',
        timers: 'ports',
      },
      subject: { kind: 'pipeline', node: repeat('loop', 3, body) },
    },
    {},
  )
  expect(verdict.problems).toEqual([])
  expect(verdict).toMatchObject({ status: 'completed', output: 12 })
})
