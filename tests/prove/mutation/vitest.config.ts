import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { ViteUserConfig } from 'vitest/config'
import { NearestFirst } from './nearest-first.ts'
import { PART_VARIABLE, partNamed } from './scope.ts'

const conditions = ['@shakedown/source', 'module', 'node', 'development|production']

// Node has `Temporal` from 26 on. The workers, which start later, have it from 24 on with this.
if (!('Temporal' in globalThis)) setFlagsFromString('--harmony-temporal')

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
    setupFiles: ['tests/support/end-kept-timers.ts'],
    sequence: { sequencer: NearestFirst },
  },
}

export default config
