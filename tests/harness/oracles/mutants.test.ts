import type { AnyNode, StepNode } from 'shakedown'
import type { Builders, Mutation } from './mutant.ts'
import { judgeMutants, type MutantCase } from './mutant-cases.ts'

const STEP = 'run/leaves/step-runner.ts'
const FALLBACK = 'run/composites/fallback-runner.ts'
const DRAFT_FAILS_ONCE = { 'step:draft': '1*reject("a") -> off' }

const DEAF_BACKOFF: Mutation = {
  file: STEP,
  from: 'if (delayMs > 0) await scope.sleep(delayMs, `backoff of ${this.point}`)',
  to: 'if (delayMs > 0) await new Promise<void>((wake) => run.world.clock.after(delayMs, "backoff", wake))',
}

const WHATEVER_BECAME: Mutation = {
  file: FALLBACK,
  from: "if (primary.status !== 'failed' ||",
  to: "if (primary.status === 'cancelled' ||",
}

const ANOTHER_INPUT: Mutation = {
  file: FALLBACK,
  from: 'this.fallbackTo.execute(input, scope, hasFallback)',
  to: "this.fallbackTo.execute({ topic: 'another' }, scope, hasFallback)",
}

const draftAndBackup = ({ step }: Builders): AnyNode => {
  const draft: StepNode<{ topic: string }, string> = step('draft', (brief: { topic: string }) => brief.topic)
  return draft.fallback(step('backup', () => 'backup'))
}

const cases: readonly MutantCase[] = [
  {
    oracle: 'vacuity',
    bug: 'the first attempt goes past the boundary',
    mutations: [
      {
        file: 'run/leaves/settle.ts',
        from: 'const signal = (): AbortSignal => attempt.signal',
        to: 'if (attempt.attempt === 1) return node.run(input as never, attempt); const signal = (): AbortSignal => attempt.signal',
      },
    ],
    subject: draftAndBackup,
    spec: { faults: { 'step:draft': 'reject(ECONNRESET)' } },
  },
  {
    oracle: 'one-outcome',
    bug: 'a cancelled or failed run never writes an outcome',
    mutations: [
      {
        file: 'run/trail.ts',
        from: "    kind: 'outcome',",
        to: "    kind: reason === null ? 'outcome' : ('event' as never),\n    path: '', event: 'late', detail: {},",
      },
    ],
    subject: draftAndBackup,
    spec: {
      faults: { 'step:draft': 'inf*reject("a")', 'step:backup': 'inf*reject("b")' },
      expect: { status: 'failed' },
    },
  },
  {
    oracle: 'no-attempt-after-outcome',
    bug: 'the fallback is started and not waited for',
    mutations: [
      {
        file: FALLBACK,
        from: 'const fallback = await this.fallbackTo.execute(input, scope, hasFallback)',
        to: 'const fallback = primary; setImmediate(() => void this.fallbackTo.execute(input, scope, hasFallback))',
      },
    ],
    subject: draftAndBackup,
    spec: { faults: { 'step:draft': 'reject("a")' } },
  },
  {
    oracle: 'no-fallback-after-success',
    bug: 'the fallback runs whatever became of the primary',
    mutations: [WHATEVER_BECAME],
    subject: draftAndBackup,
  },
  {
    oracle: 'no-fallback-after-success',
    bug: 'the fallback runs whatever became of the primary, and forks',
    mutations: [WHATEVER_BECAME],
    subject: ({ step, parallel: both }) =>
      step('draft', (_: number) => 'draft').fallback(
        both('both', { a: step('a', () => 1), b: step('b', () => 2) }),
      ),
  },
  {
    oracle: 'no-fallback-after-success',
    bug: 'the fallback runs whatever became of the primary, which forks',
    mutations: [WHATEVER_BECAME],
    subject: ({ step, makeFallback: fallbackOf, parallel: both }) =>
      fallbackOf(both('both', { a: step('a', () => 1), b: step('b', () => 2) }), [step('backup', () => 3)]),
  },
  {
    oracle: 'original-input',
    bug: 'a fallback that forks gets another input',
    mutations: [ANOTHER_INPUT],
    subject: ({ step, parallel: both }) =>
      step('draft', (_: number) => 'draft').fallback(
        both('both', { a: step('a', () => 1), b: step('b', () => 2) }),
      ),
    spec: { faults: { 'step:draft': 'reject("no")' } },
  },
  {
    oracle: 'original-input',
    bug: 'the fallback of a primary that forks gets another input',
    mutations: [ANOTHER_INPUT],
    subject: ({ step, makeFallback: fallbackOf, parallel: both }) =>
      fallbackOf(both('both', { a: step('a', () => 1), b: step('b', () => 2) }), [step('backup', () => 3)]),
    spec: { faults: { 'step:b': 'reject("no")' } },
  },
  {
    oracle: 'original-input',
    bug: 'attempts share one input',
    mutations: [{ file: STEP, from: 'mine = isolate(input)', to: 'mine = input' }],
    subject: ({ step }) =>
      step('careless', (brief: { topic: string }): string => {
        brief.topic = 'spoiled'
        throw new Error('no')
      }).fallback(step('backup', () => 'backup')),
  },
  {
    oracle: 'original-input',
    bug: 'attempts share one input, and there is no fallback to show it',
    mutations: [{ file: STEP, from: 'mine = isolate(input)', to: 'mine = input' }],
    subject: ({ step }) => {
      let calls = 0
      return step(
        'careless',
        (brief: { topic: string }): string => {
          brief.topic += ', spoiled'
          if (calls++ % 2 === 0) throw new Error('no')
          return 'second try'
        },
        { retries: 1 },
      )
    },
  },
  {
    oracle: 'attempts-add-up',
    bug: 'a step records one attempt more than it made',
    mutations: [
      {
        file: 'run/trail.ts',
        from: 'attempts: result.attempts,\n    latencyMs: result.latencyMs,',
        to: 'attempts: result.attempts + 1,\n    latencyMs: result.latencyMs,',
      },
    ],
    subject: ({ step }) => step('draft', () => 'draft'),
  },
  {
    oracle: 'attempts-add-up',
    bug: 'every attempt is recorded as the first',
    mutations: [{ file: STEP, from: 'attempt: attempt.attempt,', to: 'attempt: 1,' }],
    subject: ({ step }) => step('draft', () => 'draft', { retries: 1 }),
    spec: { faults: DRAFT_FAILS_ONCE },
  },
  {
    oracle: 'attempts-add-up',
    bug: 'the primary’s attempts are not counted',
    mutations: [
      {
        file: 'run/results.ts',
        from: 'attempts += stepAttemptsOf(part)',
        to: 'attempts = stepAttemptsOf(part)',
      },
    ],
    subject: draftAndBackup,
    spec: { faults: { 'step:draft': 'reject("a")' } },
  },
  {
    oracle: 'within-policy',
    bug: 'one attempt too many',
    mutations: [
      {
        file: 'run/leaves/next-attempt.ts',
        from: 'failed > policy.retries',
        to: 'failed > policy.retries + 1',
      },
    ],
    subject: draftAndBackup,
    spec: { faults: { 'step:draft': 'inf*reject("a")' } },
  },
  {
    oracle: 'within-policy',
    bug: 'the delay is not capped',
    mutations: [
      {
        file: 'policy/backoff.ts',
        from: 'Math.min(backoff.baseMs * backoff.factor ** (failed - 1), backoff.maxDelayMs)',
        to: 'backoff.baseMs * backoff.factor ** (failed - 1)',
      },
    ],
    subject: ({ step }) =>
      step('draft', () => 'draft', { retries: 4, backoff: { baseMs: 100, maxDelayMs: 300 } }),
    spec: { faults: { 'step:draft': 'inf*reject("a")' }, expect: { status: 'failed' } },
  },
  {
    oracle: 'no-unhandled-rejection',
    bug: 'nobody handles a rejection that comes after the timeout',
    mutations: [
      {
        file: 'run/leaves/settle.ts',
        from: 'const threw = (thrown: unknown): void => race.settled(thrownAs(thrown))',
        to: 'const threw = (thrown: unknown): void => { const { over } = attempt; race.settled(thrownAs(thrown)); if (over) throw thrown }',
      },
    ],
    subject: ({ step }) =>
      step('draft', () => 'draft', { timeoutMs: 50 }).fallback(step('backup', () => 'backup')),
    spec: { faults: { 'step:draft': 'lateReject(500)' } },
  },
  {
    oracle: 'same-digest',
    bug: 'jitter comes from Math.random',
    mutations: [
      {
        file: 'run/leaves/next-attempt.ts',
        from: 'const { clock, random } = run.world',
        to: 'const { clock } = run.world; const random = Math.random',
      },
    ],
    subject: ({ step }) => step('draft', () => 'draft', { retries: 1, backoff: { jitter: 'full' } }),
    spec: { faults: DRAFT_FAILS_ONCE },
  },
  {
    oracle: 'usage-adds-up',
    bug: 'what failed attempts cost is forgotten',
    mutations: [{ file: STEP, from: 'usage = addUsage(usage, attempt.usage)', to: 'usage = attempt.usage' }],
    subject: ({ step }) => {
      let calls = 0
      return step(
        'paid',
        (_: unknown, ctx) => {
          ctx.meter({ tokens: 5 })
          calls++
          if (calls % 3 !== 0) throw new Error('no')
        },
        { retries: 2 },
      )
    },
  },
  {
    oracle: 'heeds-abort',
    bug: 'a wait between attempts hears no abort, and a pipeline has no background',
    mutations: [DEAF_BACKOFF],
    subject: ({ step }) => step('draft', () => 'draft', { retries: 1, backoff: { baseMs: 100 } }),
    spec: { faults: DRAFT_FAILS_ONCE, abort: { during: 'backoff' }, background: true },
  },
]

judgeMutants(cases)
