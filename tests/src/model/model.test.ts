import fc from 'fast-check'
import { expect, test } from 'vitest'
import { casesOf } from '../../support/nightly.ts'
import { byContract, onEngine, realEngine } from './compare.ts'
import { randomAbortMs, randomTree } from './random-tree.ts'

test('the engine does with any tree what a reader of its contract expects: results, calls, context and every row', async () => {
  await fc.assert(
    fc.asyncProperty(randomTree, randomAbortMs, async (tree, abortMs) => {
      expect(await onEngine(tree, abortMs, realEngine)).toEqual(byContract(tree, abortMs))
    }),
    { numRuns: casesOf(1_000, 100_000) },
  )
}, 3_600_000)
