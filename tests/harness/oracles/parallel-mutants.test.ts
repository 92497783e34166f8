import type { AnyNode } from 'shakedown'
import { expect, test } from 'vitest'
import { runScenarioOn } from '../../../harness/run/run-scenario.ts'
import { type Builders, type Mutation, unchanged, withMutant } from './mutant.ts'
import { judgeMutants, type MutantCase, scenarioOf } from './mutant-cases.ts'

const BRANCHES = 'run/branches/branches.ts'

const NOT_CANCELLED: Mutation = {
  file: BRANCHES,
  from: 'if (results[at] === undefined) part.cancel(reason)',
  to: 'if (results[at] === undefined && parts.length === 0) part.cancel(reason)',
}

/** A branch that fails at once by a fault, one in steps of 40 ms, and one that is a fork itself. */
const three = ({ step, pipeline, parallel }: Builders): AnyNode => {
  const slow = (name: string) => step(name, async (_: unknown, ctx) => ctx.sleep(40))
  return parallel('three', {
    bad: step('bad', (_: { topic: string }) => 'not bad'),
    slow: pipeline('slow', slow('first'), slow('second')),
    fork: parallel('fork', { x: slow('x'), y: step('y', () => 'y') }),
  })
}
const BAD_FAILS = { faults: { 'step:bad': 'reject("no")@10' } }

const cases: readonly MutantCase[] = [
  {
    oracle: 'branches-end',
    bug: 'a branch that fails does not cancel the others',
    mutations: [NOT_CANCELLED],
    subject: three,
    spec: BAD_FAILS,
  },
  {
    oracle: 'branches-end',
    bug: 'an abort of a branch reaches no fork inside it',
    mutations: [
      {
        file: 'run/scope.ts',
        from: 'for (let below = this.#firstBelow; below !== undefined; below = below.#after) below.#abort(signalled)',
        to: '',
      },
    ],
    subject: three,
    spec: BAD_FAILS,
  },
  {
    oracle: 'branches-end',
    bug: 'a branch whose turn never came leaves no record of its end',
    mutations: [
      {
        file: BRANCHES,
        from: 'return Promise.resolve(recordStep(part, plan.node.kind, stopped))',
        to: 'return Promise.resolve(stopped)',
      },
    ],
    subject: ({ step, parallel }) =>
      parallel('both', { bad: step('bad', () => 1), late: step('late', () => 2) }, { concurrency: 1 }),
    spec: { faults: { 'step:bad': 'reject("no")' } },
  },
  {
    oracle: 'original-input',
    bug: 'a branch gets another input',
    mutations: [
      {
        file: BRANCHES,
        from: 'begin(plan, input, part, how.hasFallback)',
        to: 'begin(plan, at === 1 ? { topic: "another" } : input, part, how.hasFallback)',
      },
    ],
    subject: ({ step, pipeline, parallel }) =>
      parallel('both', {
        a: step('a', (brief: { topic: string }) => brief.topic),
        b: pipeline(
          'b',
          step('first', (brief: { topic: string }) => brief.topic),
          step('second', () => 2),
        ),
      }),
  },
  {
    oracle: 'original-input',
    bug: 'branches share one input',
    mutations: [{ file: 'run/leaves/step-runner.ts', from: 'mine = isolate(input)', to: 'mine = input' }],
    subject: ({ step, parallel }) =>
      parallel('both', {
        a: step('a', (brief: { topic: string }) => (brief.topic = 'spoiled')),
        b: step('b', (brief: { topic: string }) => brief.topic),
      }),
  },
]

judgeMutants(cases)

/** Ends when all branches but one have; the one that is left is said to have been cancelled. */
const IMPATIENT: readonly Mutation[] = [
  { file: BRANCHES, from: 'if (open > 0) return', to: 'if (open > 1) return' },
  {
    file: BRANCHES,
    from: 'const results: StepResult[] = []',
    to: "const results: StepResult[] = branches.map(({ plan }) => stoppedResult(plan.node.name, plan.path, new AbortSignalled('over'), NOTHING_SPENT))",
  },
  { file: BRANCHES, from: 'import { isControlSignal }', to: 'import { AbortSignalled, isControlSignal }' },
]

test('a branch that is not waited for is caught by this oracle, and by those that see it go on', async () => {
  const subject = ({ step, parallel }: Builders): AnyNode =>
    parallel('both', { fast: step('fast', () => 1), slow: step('slow', () => 2) })
  const spec = { faults: { 'step:slow': 'delay(100)' } }
  await withMutant(IMPATIENT, async ({ lib, executor }) => {
    const { problems } = await runScenarioOn(executor, scenarioOf({ spec, subject }, lib), {})
    const caughtBy = new Set(problems.flatMap(({ oracle }) => oracle ?? []))
    expect(caughtBy).toEqual(new Set(['branches-end', 'no-attempt-after-outcome', 'attempts-add-up']))
  })
  const scenario = scenarioOf({ spec, subject }, unchanged.lib)
  expect((await runScenarioOn(unchanged.executor, scenario, {})).problems).toEqual([])
})

/** Two branches that append to one list. */
const appending = ({ step, parallel }: Builders): AnyNode => {
  const append = (name: string) => step(name, (_: unknown, ctx) => ctx.context.append('log', name))
  return parallel('both', { a: append('a'), b: append('b') })
}

test('a merge that loses an append is caught by what a scenario expects of the context', async () => {
  const spec = { expect: { context: { log: ['a', 'b'] } } }
  const loses: Mutation = {
    file: 'join/merge-context.ts',
    from: 'for (const item of change.items) items.push(item)',
    to: '',
  }
  await withMutant([loses], async ({ lib, executor }) => {
    const { problems } = await runScenarioOn(executor, scenarioOf({ spec, subject: appending }, lib), {})
    expect(problems).toMatchObject([{ code: 'E_EXPECT' }])
  })
  const { problems } = await runScenarioOn(
    unchanged.executor,
    scenarioOf({ spec, subject: appending }, unchanged.lib),
    {},
  )
  expect(problems).toEqual([])
})
