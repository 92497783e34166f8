import { pipeline, step } from 'shakedown'
import { type Expectation, fault, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { unmetExpectations } from '../../../../harness/run/judge/expect.ts'
import { observationOf } from './observation.ts'

const draft = step(
  'draft',
  (topic: string, { meter, context }) => {
    meter({ costUsd: 0.2, tokens: 23 })
    context.set('topic', topic)
    return { text: `all about ${topic}` }
  },
  { retries: 1 },
)
const subject = pipeline('article', draft.fallback(step('backup', () => ({ text: 'briefly' }))))

const base = scenario('article').subject(subject).input('tides')
const flaky = base.on('step:draft', fault.times(1).reject('ECONNRESET').next.off())
const failing = base
  .on('step:draft', fault.forever().reject('Original error'))
  .on('step:backup', fault.forever().reject('Fallback failed'))

test('a pattern that never ends is given up on, by its name', async () => {
  const hostile = step('draft', () => ({ text: '' })).fallback(step('backup', () => ({ text: '' })))
  const verdict = await runScenario(
    scenario('hangs')
      .subject(hostile)
      .input(null)
      .on('step:draft', fault.forever().reject(`${'a'.repeat(40)}!`))
      .on('step:backup', fault.forever().reject('x'))
      .expect({ status: 'failed', feedback: { matches: '(a+)+$' } }),
  )
  expect(verdict.problems).toEqual([
    expect.objectContaining({
      code: 'E_EXPECT',
      at: ['expect', 'feedback'],
      message: expect.stringMatching(
        /^Expected the pattern of feedback to be matched within 100 ms, got no answer from \{"matches":"\(a\+\)\+\$"\} for a text of \d+ characters: .+ Write it without a repetition/,
      ),
    }),
  ])
})

test('of a long value, what was expected and what came are shown by their beginnings', async () => {
  const long = step('long', () => 'x'.repeat(500))
  const { problems } = await runScenario(
    scenario('long')
      .subject(long)
      .input(null)
      .expect({ output: 'y'.repeat(199) }),
  )
  expect(problems.map(({ message }) => message)).toEqual([
    `Expected output to be "${'y'.repeat(199)}…, got "${'x'.repeat(199)}….`,
  ])
})

/** One expectation that holds, and one beside it that must not. */
const cases: readonly [at: string, of: 'flaky' | 'failing', holds: Expectation, fails: Expectation][] = [
  ['status', 'flaky', { status: 'completed' }, { status: 'failed' }],
  ['output', 'flaky', { output: { text: 'all about tides' } }, { output: { text: 'all about ships' } }],
  ['error.name', 'failing', { error: { name: 'AggregateError' } }, { error: { name: 'Error' } }],
  [
    'error.message',
    'failing',
    { error: { message: { contains: 'Original' } } },
    { error: { message: 'Original' } },
  ],
  ['error.code', 'failing', {}, { error: { code: 'ECONNRESET' } }],
  ['feedback', 'flaky', { feedback: null }, { feedback: 'none' }],
  ['feedback', 'flaky', { feedback: null }, { feedback: { matches: '^null$' } }],
  ['feedback', 'flaky', { feedback: null }, { feedback: { contains: 'null' } }],
  [
    'feedback',
    'failing',
    { feedback: { contains: ['Original error', 'Fallback failed'] } },
    { feedback: { contains: ['Original error', 'Third'] } },
  ],
  [
    'feedback',
    'failing',
    { feedback: { matches: '^Original .+ failed$' } },
    { feedback: { matches: '^Fallback' } },
  ],
  ['feedback', 'failing', {}, { feedback: null }],
  ['attempts.draft', 'flaky', { attempts: { draft: 2, backup: 0 } }, { attempts: { draft: 1 } }],
  [
    'calls.step:draft',
    'flaky',
    { calls: { 'step:draft': { min: 2, max: 2 } } },
    { calls: { 'step:draft': { min: 3 } } },
  ],
  ['order', 'flaky', { order: ['step:draft', 'step:draft'] }, { order: ['step:draft'] }],
  ['usage.costUsd', 'flaky', { usage: { costUsd: 0.2 } }, { usage: { costUsd: 0.1 } }],
  ['usage.costUsd', 'flaky', { usage: { costUsd: 0.2 + 9e-10 } }, { usage: { costUsd: 0.2 + 2e-9 } }],
  ['usage.costUsd', 'flaky', { usage: { costUsd: 0.2 - 9e-10 } }, { usage: { costUsd: 0.2 - 2e-9 } }],
  ['usage.tokens', 'flaky', { usage: { tokens: 23 } }, { usage: { tokens: 46 } }],
  ['virtualMs', 'flaky', { virtualMs: { min: 100, max: 100 } }, { virtualMs: { max: 99 } }],
  ['context.topic', 'flaky', { context: { topic: 'tides' } }, { context: { topic: 'ships' } }],
  [
    'children.draft',
    'failing',
    { children: { draft: { metadata: { fallbackTriggered: true } } } },
    { children: { draft: { status: 'completed' } } },
  ],
  [
    'audit.outcomes.failed',
    'failing',
    { audit: { outcomes: { failed: 1 } } },
    { audit: { outcomes: { failed: 2 } } },
  ],
  [
    'audit.events.fallback',
    'failing',
    { audit: { events: { fallback: 1 } } },
    { audit: { events: { fallback: 0 } } },
  ],
  [
    'audit.attempts.failed',
    'flaky',
    { audit: { attempts: { failed: 1, completed: 1 } } },
    { audit: { attempts: { failed: 2 } } },
  ],
]

test.for(cases)(
  'an expectation of %s (%s run) holds where it should and fails where it should',
  async ([at, of, holds, fails]) => {
    const run = (expected: Expectation) =>
      runScenario((of === 'flaky' ? flaky : failing.expect({ status: 'failed' })).expect(expected), {
        replay: false,
      })
    expect((await run(holds)).problems).toEqual([])
    const { problems } = await run(fails)
    expect(problems.map((problem) => [problem.code, problem.at.join('.')])).toEqual([
      ['E_EXPECT', `expect.${at}`],
    ])
  },
)

test('an expectation of metadata holds for the keys it names', async () => {
  const node = step('a', () => Promise.reject(new Error('no'))).fallback(step('b', () => 1))
  const run = (metadata: Record<string, string | boolean>) =>
    runScenario(scenario('m').subject(node).expect({ metadata }))
  expect((await run({ originalError: 'no' })).problems).toEqual([])
  expect((await run({ originalError: 'yes' })).problems).toMatchObject([
    { at: ['expect', 'metadata', 'originalError'] },
  ])
})

test('attempts of a function are its calls of functions, and no other kind of call', async () => {
  const called = scenario('saves')
    .subject(async (_: unknown, ports) => {
      await ports.fetch('http://api.test/save')
      ports.fn('save', () => 'saved')()
    })
    .input(null)
    .on('http:GET /save', fault.status(204))
  const met = await runScenario(called.expect({ attempts: { save: 1, 'GET /save': 0 } }))
  expect(met.problems).toEqual([])
  const unmet = await runScenario(called.expect({ attempts: { 'GET http://api.test/save': 1 } }))
  expect(unmet.problems).toMatchObject([{ code: 'E_EXPECT', actual: 0 }])
})

test('a count of zero is met by what is no more than the rounding of floating-point sums', async () => {
  const costs = (costUsd: number) =>
    runScenario(
      scenario('free')
        .subject(step('a', () => 1))
        .input(null)
        .expect({ usage: { costUsd } }),
    )
  expect((await costs(1e-9)).problems).toEqual([])
  expect((await costs(1.001e-9)).problems).toHaveLength(1)
})

test('a part that there is not is shown as undefined, and what is unmet by its whole place', async () => {
  const { problems } = await runScenario(
    flaky.expect({ children: { nothing: { status: 'completed' } }, attempts: { draft: 3 } }),
  )
  expect(problems.map(({ message }) => message)).toEqual([
    'Expected attempts.draft to be 3, got 2.',
    'Expected children.nothing to be {"status":"completed"}, got undefined.',
  ])
})

test('a step that there is not is told once, and the others are counted beside it', async () => {
  const { problems } = await runScenario(flaky.expect({ attempts: { darft: 1, draft: 1, backup: 0 } }))
  expect(problems.map(({ at, actual }) => [at.at(-1), actual])).toEqual([
    ['darft', undefined],
    ['draft', 2],
  ])
})

test('a pipeline that gave no result has spent nothing and has no parts', () => {
  const observation = observationOf({ plan: {} as never })
  const ended = { status: 'failed', feedback: null, error: null } as const
  const unmet = (expected: Expectation) =>
    unmetExpectations({ status: 'failed', ...expected }, observation, ended).map(({ message }) => message)
  expect(unmet({ usage: { tokens: 0, costUsd: 0 } })).toEqual([])
  expect(unmet({ children: { draft: { status: 'completed' } } })).toEqual([
    'Expected children.draft to be {"status":"completed"}, got undefined.',
  ])
})
