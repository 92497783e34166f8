import { cached, createEngine, pipeline, step } from 'shakedown'
import { fault, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { judgeMutants, type MutantCase } from './mutant-cases.ts'

const JUDGED = 'if (node.policy.validate !== undefined) await validate(node.policy.validate, given, attempt)'
const BOTH = '`Original error: ${primary.feedback}; Fallback error: ${fallback.feedback}`'

const cases: readonly MutantCase[] = [
  {
    oracle: 'valid-output',
    bug: 'the last attempt is accepted as it is',
    mutations: [
      {
        file: 'run/leaves/step-runner.ts',
        from: JUDGED,
        to: JUDGED.replace('undefined)', 'undefined && number < 2)'),
      },
    ],
    subject: ({ step: stepOf }) => stepOf('draft', () => 'drafted', { retries: 1, validate: z.string() }),
    spec: { faults: { 'step:draft': 'inf*shape(5)' } },
  },
  {
    oracle: 'root-cause',
    bug: 'a failed fallback forgets why the primary failed',
    mutations: [
      { file: 'run/composites/fallback-runner.ts', from: BOTH, to: '`Fallback error: ${fallback.feedback}`' },
    ],
    subject: ({ step: stepOf }) =>
      stepOf('draft', () => 'drafted').fallback(stepOf('backup', () => 'backed up')),
    spec: { faults: { 'step:draft': 'inf*reject("no ink")', 'step:backup': 'inf*reject("no paper")' } },
  },
]

judgeMutants(cases)

test('an output that a validator refuses reaches neither the next step nor a fallback’s result nor a cache', async () => {
  const seen: unknown[] = []
  const draft = cached(
    step('draft', () => 'drafted', { validate: z.string() }),
    { ttlMs: 1e6 },
  )
  const node = pipeline(
    'p',
    draft.fallback(step('backup', () => 'backed up')),
    step('see', (text) => void seen.push(text)),
  )
  const refused = scenario('refused').subject(node).on('step:draft', fault.shape(5).next.off())
  expect(await runScenario(refused.expect({ status: 'completed' }))).toMatchObject({ ok: true })
  expect(seen).toEqual(['backed up', 'backed up'].slice(0, seen.length))
  expect(await createEngine().run(draft, 0)).toMatchObject({ output: 'drafted', metadata: {} })
})
