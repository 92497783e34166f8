import type { AnyNode } from 'shakedown'
import type { Builders } from './mutant.ts'
import { judgeMutants, type MutantCase } from './mutant-cases.ts'

const NEXT = 'run/leaves/next-attempt.ts'
const BREAKER = 'policy/breaker.ts'

const flaky = ({ step }: Builders): AnyNode =>
  step('draft', () => 'draft', { retries: 1, backoff: { baseMs: 100 } })

/** Fails at prefect once, waits until its circuit breaker lets a probe through, and then asks it twice at once. */
const twoProbes = ({
  route,
  functionAdapter,
  createRegistry,
  pipeline,
  parallel,
  step,
}: Builders): AnyNode => {
  const adapters = ['prefect', 'agno'].map((name) => functionAdapter(name, async (task: object) => task))
  const registry = createRegistry(adapters, { breaker: { failuresMax: 1, coolDownMs: 100 } })
  const ask = (name: string) => route(name, { adapters: registry, maxAttempts: 1 })
  const wait = step('wait', async (task: object, ctx) => {
    await ctx.sleep(100)
    return task
  })
  return pipeline('p', ask('first'), wait, parallel('both', { a: ask('a'), b: ask('b') }))
}
const ONE_FAILURE_THEN_SLOW = { 'adapter:prefect': 'reject("a") -> delay(50)' }

const cases: readonly MutantCase[] = [
  {
    oracle: 'retry-delay',
    bug: 'a failing target is not left alone for as long as it asked',
    mutations: [
      {
        file: NEXT,
        from: 'Math.max(backoffMs(policy.backoff, failed, random), askedMs)',
        to: '(askedMs, backoffMs(policy.backoff, failed, random))',
      },
    ],
    subject: flaky,
    spec: { faults: { 'step:draft': 'reject("busy", retryAfterMs=500) -> off' } },
  },
  {
    oracle: 'retry-delay',
    bug: 'the back-off is half as long as was said',
    mutations: [
      {
        file: 'policy/backoff.ts',
        from: "case 'none':\n      return delay",
        to: "case 'none':\n      return delay / 2",
      },
    ],
    subject: flaky,
    spec: { faults: { 'step:draft': 'reject("a") -> off' } },
  },
  {
    oracle: 'retry-judgement',
    bug: 'what cannot be mended is tried again',
    mutations: [{ file: NEXT, from: 'isRetryable(lost.thrown) ? undefined : lost', to: 'undefined' }],
    subject: flaky,
    spec: { faults: { 'step:draft': 'reject("bad prompt", retryable=false)' }, expect: { status: 'failed' } },
  },
  {
    oracle: 'retry-judgement',
    bug: 'the last attempt is never made',
    mutations: [{ file: NEXT, from: 'failed > policy.retries', to: 'failed >= policy.retries' }],
    subject: flaky,
    spec: { faults: { 'step:draft': 'inf*reject("a")' }, expect: { status: 'failed' } },
  },
  {
    oracle: 'breaker-edges',
    bug: 'a half-open circuit breaker lets every call through',
    mutations: [
      {
        file: BREAKER,
        from: "if (state.probing) return { kind: 'refused', untilMs: undefined }",
        to: '',
      },
      {
        file: BREAKER,
        from: "case 'half-open':\n        return state.probing",
        to: "case 'half-open':\n        return false",
      },
    ],
    subject: twoProbes,
    spec: { faults: ONE_FAILURE_THEN_SLOW },
  },
  {
    oracle: 'breaker-edges',
    bug: 'a circuit breaker closes as soon as its time has come',
    mutations: [
      {
        file: BREAKER,
        from: 'const transition = this.#become(PROBING)',
        to: 'const transition = this.#become(CLOSED)',
      },
    ],
    subject: twoProbes,
    spec: { faults: ONE_FAILURE_THEN_SLOW },
  },
]

judgeMutants(cases)
