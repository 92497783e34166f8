import path from 'node:path'
import type { ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { PART_VARIABLE, partNamed } from './scope.ts'

const conditions = ['@shakedown/source', 'module', 'node', 'development|production']

/**
 * Files that open real sockets leave some that close later. They run last: in the process of all files, a test that
 * expects a world in which nothing is waited for any more would wait for them.
 */
const SOCKETS = /http|hostile-subjects|plan\.test/

class SocketsLast extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)))
  }
}

function rank({ moduleId }: TestSpecification): number {
  return SOCKETS.test(path.basename(moduleId)) ? 1 : 0
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
    sequence: { sequencer: SocketsLast },
  },
}

export default config
