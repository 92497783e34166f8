import { expect, test } from 'vitest'
import type { AnyNode } from 'shakedown'
import { runScenarioOn } from '../../../harness/run/run-scenario.ts'
import type { Scenario } from '../../../harness/scenario/scenario.ts'
import type { ScenarioSpec } from '../../../harness/scenario/spec.ts'
import { type Builders, type Mutation, unchanged, withMutant } from './mutant.ts'

/** A bug put into the engine, and the scenario that shows it. It expects nothing: only the oracles judge. */
export interface MutantCase {
  readonly oracle: string
  readonly bug: string
  readonly mutations: readonly Mutation[]
  readonly subject: (lib: Builders) => AnyNode
  readonly spec?: Partial<ScenarioSpec>
}

export function scenarioOf({ spec, subject }: Pick<MutantCase, 'spec' | 'subject'>, lib: Builders): Scenario {
  return {
    spec: {
      name: 'mutant',
      input: { topic: 'tides' },
      faults: {},
      expect: {},
      seed: 1,
      http: 'ports',
      timers: 'ports',
      ...spec,
    },
    subject: { kind: 'pipeline', node: subject(lib) },
  }
}

/** That each oracle, and no other, catches its mutants, and says nothing of the engine as it is. */
export function judgeMutants(cases: readonly MutantCase[]): void {
  test.for(cases)('$oracle, and only it, catches: $bug', async (each) => {
    await withMutant(each.mutations, async ({ lib, executor }) => {
      const verdict = await runScenarioOn(executor, scenarioOf(each, lib), {})
      // That a mutant ends in another way is for expectations to say, not for oracles.
      const problems = verdict.problems.filter(({ code }) => code !== 'E_EXPECT')
      expect(problems.map(({ oracle, code }) => oracle ?? code)).not.toEqual([])
      expect(new Set(problems.map(({ oracle, code }) => oracle ?? code))).toEqual(new Set([each.oracle]))
    })
  })

  test.for(cases)('the real engine gives $oracle nothing to complain about ($bug)', async (each) => {
    const { problems } = await runScenarioOn(unchanged.executor, scenarioOf(each, unchanged.lib), {})
    expect(problems.filter(({ code }) => code !== 'E_EXPECT')).toEqual([])
  })
}
