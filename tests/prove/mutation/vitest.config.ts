import path from 'node:path'
import type { ViteUserConfig } from 'vitest/config'
import { KILLERS } from './scope.ts'

const conditions = ['@shakedown/source', 'module', 'node', 'development|production']

const config: ViteUserConfig = {
  root: path.resolve(import.meta.dirname, '../../..'),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Instrumented code is slower; how fast it is, is not what is proved.
  test: { include: [...KILLERS], testTimeout: 60_000 },
}

export default config
