import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byContract, onEngine } from '../../src/model/compare.ts'
import { randomAbortMs, randomTree } from '../../src/model/random-tree.ts'
import { type Mutant, type Mutation, unchanged, withMutant } from './mutant.ts'

const LOOP = 'run/loops/loop-run.ts'

/** Promises of choices and loops, each broken in one line. */
const bugs: readonly (readonly [promise: string, mutation: Mutation])[] = [
  [
    'the context of an iteration that fails leaks',
    {
      file: LOOP,
      from: "if (!result.success) return { result, heard: 'on' }",
      to: "if (!result.success) { scope.context.adopt(round.context); return { result, heard: 'on' } }",
    },
  ],
  [
    '`until` is asked once too often',
    {
      file: LOOP,
      from: "if (heard === 'finished') return FINISHED",
      to: "if (this.#completed === 2) await this.#ask('until', (ctx) => this.#going.policy.until?.(output as never, ctx)); if (heard === 'finished') return FINISHED",
    },
  ],
  [
    'a mapper runs after the last iteration',
    {
      file: LOOP,
      from: 'if (iteration === policy.maxIterations) return this.#maxReached()',
      to: "if (iteration === policy.maxIterations) { if (policy.nextInput !== undefined) await this.#mapped('nextInput', result.output); return this.#maxReached() }",
    },
  ],
  [
    'a choice runs its other branches, too',
    {
      file: 'run/composites/choose-runner.ts',
      from: 'const result = await plan.execute(input, scope, hasFallback)',
      to: 'for (const other of this.#plans.values()) if (other !== plan) await other.execute(input, scope, false); const result = await plan.execute(input, scope, hasFallback)',
    },
  ],
  [
    'a failed iteration counts as a completed one',
    {
      file: LOOP,
      from: 'const round = iterationScope(scope, path)',
      to: 'const round = iterationScope(scope, path); if (iteration === 2) this.#completed++',
    },
  ],
  [
    'a run’s total leaves out what is inside loops',
    {
      file: 'run/results.ts',
      from: "return typeof stepAttempts === 'number' ? stepAttempts : attempts",
      to: 'return attempts',
    },
  ],
  [
    'the branches of a parallel node share one context',
    { file: 'run/fork.ts', from: 'context: scope.context.fork(include),', to: 'context: scope.context,' },
  ],
]

/** True when they differ on one of some hundred random trees, the same ones each time. */
async function differs({ lib, executor }: Mutant): Promise<boolean> {
  const trees = fc.sample(fc.tuple(randomTree, randomAbortMs), { numRuns: 400, seed: 7 })
  for (const [tree, abortMs] of trees) {
    const made = await onEngine(tree, abortMs, { lib, createEngine: executor.createEngine }).catch(
      (thrown: unknown) => thrown,
    )
    if (!isDeepStrictEqual(made, byContract(tree, abortMs))) return true
  }
  return false
}

test.for(bugs)('the reference interpreter catches: %s', async ([, mutation]) => {
  expect(await withMutant([mutation], differs)).toBe(true)
})

test('the reference interpreter finds nothing in the engine as it is, on the same trees', async () => {
  expect(await differs(unchanged)).toBe(false)
})
