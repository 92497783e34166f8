import type { AnyNode, StepNode } from 'shakedown'
import type { Builders } from './mutant.ts'
import { judgeMutants, type MutantCase } from './mutant-cases.ts'

const LOOP = 'run/loops/loop-run.ts'
const BREAKER = 'policy/breaker.ts'
const BRANCHES = 'run/branches/branches.ts'

const after = ({ step }: Builders, name: string, ms: number): StepNode<unknown, string> =>
  step(name, async (_: unknown, ctx) => {
    await ctx.sleep(ms)
    return name
  })

/** So many tasks one after the other, 300 ms apart, each of them for one attempt at prefect and then at agno. */
const tasks = (
  { loop, pipeline, route, step, functionAdapter, createRegistry }: Builders,
  count: number,
  breaker: { failuresMax: number; coolDownMs: number },
): AnyNode => {
  const adapters = ['prefect', 'agno'].map((name) => functionAdapter(name, async (task: object) => task))
  const registry = createRegistry(adapters, { breaker })
  const rest = step('rest', async (task: object, ctx) => {
    await ctx.sleep(300)
    return task
  })
  const body = pipeline('task', route('ask', { adapters: registry, maxAttempts: 1 }), rest)
  return loop('tasks', body, { until: (_, { iteration }) => iteration === count, maxIterations: count })
}

const cases: readonly MutantCase[] = [
  {
    oracle: 'within-policy',
    bug: 'a loop goes round once more than it may',
    mutations: [
      {
        file: LOOP,
        from: 'if (iteration === policy.maxIterations)',
        to: 'if (iteration === policy.maxIterations + 1)',
      },
    ],
    subject: ({ loop, step }) =>
      loop(
        'polish',
        step('edit', (text: object) => text),
        { until: () => false, maxIterations: 3 },
      ),
    spec: { expect: { status: 'failed' } },
  },
  {
    oracle: 'within-policy',
    bug: 'a loop goes on although its condition is met, in a token that its body has made',
    mutations: [{ file: LOOP, from: 'if (met.value) return', to: 'if (met.value && iteration > 1) return' }],
    subject: (lib) =>
      lib.loop('polish', lib.parallel('both', { a: after(lib, 'a', 5), b: after(lib, 'b', 9) }), {
        until: () => true,
        maxIterations: 3,
      }),
  },
  {
    oracle: 'within-policy',
    bug: 'a quorum takes one too few',
    mutations: [{ file: 'join/decision.ts', from: 'if (arrived >= count)', to: 'if (arrived >= count - 1)' }],
    subject: (lib) =>
      lib.parallel(
        'vote',
        { a: after(lib, 'a', 5), b: after(lib, 'b', 10), c: after(lib, 'c', 20) },
        { join: lib.quorum(2) },
      ),
  },
  {
    oracle: 'within-policy',
    bug: 'the first of several waits for all',
    mutations: [
      {
        file: 'join/decision.ts',
        from: 'if (arrived > 0) return MERGED\n  return lost',
        to: 'if (arrived === branches) return MERGED\n  return lost',
      },
    ],
    subject: (lib) =>
      lib.parallel('race', { a: after(lib, 'a', 5), b: after(lib, 'b', 10) }, { join: lib.first() }),
  },
  {
    oracle: 'within-policy',
    bug: 'all branches run at once, however few may',
    mutations: [{ file: BRANCHES, from: 'how.concurrency < branches.length', to: 'how.concurrency < 0' }],
    subject: (lib) =>
      lib.parallel(
        'few',
        { a: after(lib, 'a', 5), b: lib.parallel('b', { x: after(lib, 'x', 3), y: after(lib, 'y', 3) }) },
        { concurrency: 1 },
      ),
  },
  {
    oracle: 'no-fallback-after-success',
    bug: 'a route goes on to the next adapter after one that completed',
    mutations: [
      {
        file: 'run/routes/route-runner.ts',
        from: "if (result.status !== 'failed' ||",
        to: "if (live.name === 'agno' ||",
      },
    ],
    subject: ({ route, functionAdapter }) =>
      route('ask', {
        adapters: ['prefect', 'agno'].map((name) => functionAdapter(name, async (task: object) => task)),
      }),
  },
  {
    oracle: 'breaker-edges',
    bug: 'a circuit breaker never opens',
    mutations: [
      { file: BREAKER, from: 'if (failures >= this.#options.failuresMax)', to: 'if (failures > 1e6)' },
    ],
    subject: (lib) => tasks(lib, 4, { failuresMax: 2, coolDownMs: 60_000 }),
    spec: { faults: { 'adapter:prefect': 'inf*reject("down")' } },
  },
  {
    oracle: 'breaker-edges',
    bug: 'a circuit breaker that has opened stays open',
    mutations: [
      {
        file: BREAKER,
        from: "if (this.#nowMs() < state.untilMs) return { kind: 'refused'",
        to: "if (state.untilMs > 0) return { kind: 'refused'",
      },
      { file: BREAKER, from: 'return this.#nowMs() < state.untilMs\n', to: 'return true\n' },
    ],
    subject: (lib) => tasks(lib, 4, { failuresMax: 1, coolDownMs: 200 }),
    spec: { faults: { 'adapter:prefect': '1*reject("down") -> off' } },
  },
  {
    oracle: 'breaker-edges',
    bug: 'a circuit breaker does not wait until it lets a probe through',
    mutations: [
      {
        file: BREAKER,
        from: "if (this.#nowMs() < state.untilMs) return { kind: 'refused'",
        to: "if (state.untilMs < 0) return { kind: 'refused'",
      },
      { file: BREAKER, from: 'return this.#nowMs() < state.untilMs\n', to: 'return false\n' },
    ],
    subject: (lib) => tasks(lib, 3, { failuresMax: 1, coolDownMs: 60_000 }),
    spec: { faults: { 'adapter:prefect': '1*reject("down") -> off' } },
  },
  {
    oracle: 'original-input',
    bug: 'what branches gave stands under the keys of others',
    mutations: [
      {
        file: 'run/branches/parallel-runner.ts',
        from: 'this.#byKey.of(results.map(outputOf))',
        to: 'this.#byKey.of(results.map(outputOf).reverse())',
      },
    ],
    subject: (lib) => lib.parallel('both', { a: after(lib, 'a', 5), b: after(lib, 'b', 10) }),
  },
  {
    oracle: 'branches-end',
    bug: 'the function of a cancelled branch is not waited for',
    mutations: [
      {
        file: BRANCHES,
        from: 'if (cancelled || how.watch?.isOver === true)',
        to: 'if (how.concurrency === 0)',
      },
    ],
    subject: (lib) => {
      const deaf = lib.step('deaf', async (_: unknown, { clock }) => {
        await new Promise<void>((wake) => void clock.after(50, 'deaf', wake))
        return 'deaf'
      })
      const race = lib.parallel('race', { a: after(lib, 'a', 5), deaf }, { join: lib.first() })
      return lib.pipeline('p', race, after(lib, 'end', 100))
    },
  },
]

judgeMutants(cases)
