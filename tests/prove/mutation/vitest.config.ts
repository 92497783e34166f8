import path from 'node:path'
import type { ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { PART_VARIABLE, partNamed } from './scope.ts'

const conditions = ['@shakedown/source', 'module', 'node', 'development|production']

/** Comes first: a stall is told otherwise once any scenario of the process has left timers behind. */
const FIRST = /end-problem/

/**
 * The order of files; those of no line come first. The first test that fails ends the work on a mutant, so what takes
 * long comes late. Files that open real sockets leave some that close later: in the process of all files, a test that
 * expects a world in which nothing is waited for any more would wait for them.
 */
const LATE: readonly RegExp[] = [/start|expect|match-pattern/, /http|hostile-subjects/, /runaway/]

class LateLast extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const name = path.basename(moduleId)
  return FIRST.test(name) ? -1 : LATE.findIndex((pattern) => pattern.test(name)) + 1
}

const config: ViteUserConfig = {
  root: path.resolve(import.meta.dirname, '../../..'),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [...partNamed(process.env[PART_VARIABLE]).killers],
    // Instrumented code is slower; how fast it is, is not what is proved.
    testTimeout: 20_000,
    // One process for all files of a mutant: starting one for each costs several times what the tests do.
    isolate: false,
    sequence: { sequencer: LateLast },
  },
}

export default config
