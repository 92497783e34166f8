import path from 'node:path'
import type { ViteUserConfig } from 'vitest/config'
import { PART_VARIABLE, partNamed } from './scope.ts'

const conditions = ['@shakedown/source', 'module', 'node', 'development|production']

const config: ViteUserConfig = {
  root: path.resolve(import.meta.dirname, '../../..'),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [...partNamed(process.env[PART_VARIABLE]).killers],
    // Instrumented code is slower; how fast it is, is not what is proved.
    testTimeout: 10_000,
  },
}

export default config
