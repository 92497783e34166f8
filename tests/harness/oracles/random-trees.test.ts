import fc from 'fast-check'
import { expect, test } from 'vitest'
import { realExecutor } from '../../../harness/run/execution.ts'
import { runScenarioOn } from '../../../harness/run/run-scenario.ts'
import { build } from '../../src/model/build.ts'
import { randomTree } from '../../src/model/random-tree.ts'
import { casesOf } from '../../support/nightly.ts'
import { unchanged } from './mutant.ts'

test('no oracle finds anything in a sound engine, whatever is inside what', async () => {
  await fc.assert(
    fc.asyncProperty(randomTree, async (tree) => {
      const node = build(tree, { calls: [], lib: unchanged.lib })
      const spec = { name: 'random', input: { asked: 'tides' }, faults: {}, expect: {}, seed: 1 } as const
      const { problems } = await runScenarioOn(
        realExecutor,
        { spec: { ...spec, http: 'ports', timers: 'ports' }, subject: { kind: 'pipeline', node } },
        {},
      )
      expect(problems.filter(({ code }) => code === 'E_ORACLE')).toEqual([])
    }),
    { numRuns: casesOf(300, 20_000) },
  )
}, 3_600_000)
