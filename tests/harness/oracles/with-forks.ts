import { type Executor, realExecutor } from '../../../harness/run/execution.ts'
import { createEngineOf } from '../../../src/engine.ts'
import * as engine from '../../../src/index.ts'
import { makeFallback } from '../../../src/nodes/fallback.ts'
import { KINDS } from '../../../src/run/kinds.ts'
import { createPlanner } from '../../../src/run/plan-of.ts'
import { parallel } from '../../src/run/parallel.ts'
import { ParallelRunner } from '../../src/run/parallel-runner.ts'
import type { Mutant } from './mutant.ts'

const kinds = { ...KINDS, parallel: ParallelRunner }

/** The engine as it is, with the tests' own node that forks: what a mutant is compared with. */
export const withForks: Mutant = {
  lib: { ...engine, makeFallback, parallel },
  executor: {
    ...realExecutor,
    createEngine: (options): ReturnType<Executor['createEngine']> => createEngineOf(kinds, options),
    planOf: createPlanner(kinds),
  },
}
