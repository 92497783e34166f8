import type { AnyNode } from 'shakedown'
import { expect, test } from 'vitest'
import { runScenarioOn } from '../../../harness/run/run-scenario.ts'
import type { Scenario } from '../../../harness/scenario/scenario.ts'
import { type Builders, type Mutation, unchanged, withMutant } from './mutant.ts'

/** A bug put into how tokens meet, and the branches that show it. It expects nothing: only the oracles judge. */
interface Case {
  readonly oracle: string
  readonly bug: string
  readonly mutation: Mutation
  readonly subject: (lib: Builders) => AnyNode
}

const TOKENS = 'run/branches/join-tokens.ts'

const after =
  (ms: number) =>
  ({ step }: Builders, name: string): AnyNode =>
    step(name, async (_: unknown, ctx) => {
      await ctx.sleep(ms)
      return name
    })
const fails = ({ step }: Builders, name: string): AnyNode =>
  step(name, async (_: unknown, ctx) => {
    await ctx.sleep(10)
    throw new Error(`${name} is out of ink`)
  })

const cases: readonly Case[] = [
  {
    oracle: 'one-record',
    bug: 'a join that fails is not recorded',
    mutation: {
      file: TOKENS,
      from: 'if (scope.run.recorded) record(forked, joined, joinGroup)',
      to: 'if (scope.run.recorded && joined.whole.success) record(forked, joined, joinGroup)',
    },
    subject: (lib) =>
      lib.parallel('both', { a: after(5)(lib, 'a'), b: fails(lib, 'b') }, { join: lib.quorum(2) }),
  },
  {
    oracle: 'one-record',
    bug: 'a token’s arrival at a join leaves no record',
    mutation: {
      file: TOKENS,
      from: '    recordArrival(part, whole.name, whole.path)\n',
      to: '',
    },
    subject: (lib) => lib.parallel('both', { a: after(5)(lib, 'a'), b: after(5)(lib, 'b') }),
  },
  {
    oracle: 'within-policy',
    bug: 'the time limit of a join never fires',
    mutation: { file: 'run/branches/join-watch.ts', from: '() => this.#timeIsOver())', to: '() => {})' },
    subject: (lib) =>
      lib.parallel(
        'both',
        { a: after(5)(lib, 'a'), b: after(500)(lib, 'b') },
        { join: lib.quorum(2, { timeoutMs: 100 }) },
      ),
  },
  {
    oracle: 'one-outcome',
    bug: 'a token that a join no longer waits for is dropped',
    mutation: {
      file: TOKENS,
      from: 'if (isMissing(branch.key, joined)) endMissing(part, result, joined, joinGroup)',
      to: 'if (isMissing(branch.key, joined)) part.close()',
    },
    subject: (lib) =>
      lib.parallel('both', { a: after(5)(lib, 'a'), b: after(500)(lib, 'b') }, { join: lib.first() }),
  },
  {
    oracle: 'one-outcome',
    bug: 'a token that comes late is coalesced all the same',
    mutation: {
      file: TOKENS,
      from: "if (hasArrived(result)) endPart(part, 'failed', LATE_ARRIVAL, joinGroup)",
      to: "if (hasArrived(result)) endPart(part, 'coalesced', null, joinGroup)",
    },
    subject: (lib) =>
      lib.parallel('both', { a: lib.step('a', () => 1), b: lib.step('b', () => 2) }, { join: lib.first() }),
  },
  {
    oracle: 'one-outcome',
    bug: 'what a failed join has failed is coalesced all the same',
    mutation: {
      file: TOKENS,
      from: "if (whole.success) endPart(part, 'coalesced', null, joinGroup)",
      to: "if (whole.attempts > 0) endPart(part, 'coalesced', null, joinGroup)",
    },
    subject: (lib) =>
      lib.parallel('both', { a: after(5)(lib, 'a'), b: fails(lib, 'b') }, { join: lib.quorum(2) }),
  },
]

const scenarioOf = (node: AnyNode): Scenario => ({
  spec: {
    name: 'mutant',
    input: 1,
    faults: {},
    expect: {},
    seed: 1,
    http: 'ports',
    timers: 'ports',
  },
  subject: { kind: 'pipeline', node },
})

test.for(cases)('$oracle, and only it, catches: $bug', async ({ mutation, subject, oracle }) => {
  await withMutant([mutation], async ({ lib, executor }) => {
    const verdict = await runScenarioOn(executor, scenarioOf(subject(lib)), {})
    const problems = verdict.problems.filter(({ code }) => code !== 'E_EXPECT')
    expect(new Set(problems.map(({ oracle: found, code }) => found ?? code))).toEqual(new Set([oracle]))
  })
})

test.for(cases)('the real engine gives $oracle nothing to complain about ($bug)', async ({ subject }) => {
  const { problems } = await runScenarioOn(unchanged.executor, scenarioOf(subject(unchanged.lib)), {})
  expect(problems.filter(({ code }) => code !== 'E_EXPECT')).toEqual([])
})
