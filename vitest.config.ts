import { tmpdir } from 'node:os'
import path from 'node:path'
import { configDefaults, type ViteUserConfig } from 'vitest/config'
import shakedown from './harness/vitest/plugin.ts'

// Imports of our own package lead to its source, so that tests and scenarios run without a build. Behind our own come
// Vite's default conditions for Node, but for `module`: what packages have there is for bundlers, and Node cannot load that
// of @opentelemetry/api.
const conditions = ['@shakedown/source', 'node', 'development|production']

const TESTS = ['tests/**/*.test.ts']
const NO_TESTS = [...configDefaults.exclude, 'tests/fixtures/**']

/** Tests that judge what the whole process does: a socket that another file has left open would be taken for the subject's. */
const JUDGES = ['tests/harness/{oracles,run,world}/**/*.test.ts', 'tests/prove/{bugs,silence}/*.test.ts']

/** Of those, the ones about what the whole process has: sockets, processes, timers that are left. The others share one. */
const ALONE = [
  'tests/harness/run/{async-error-watch,caller,hostile-subjects,start,timers-left}.test.ts',
  'tests/harness/run/judge/end-problem.test.ts',
  'tests/harness/{run/boundary,world/globals,world/work}/*.test.ts',
  'tests/prove/{bugs,silence}/*.test.ts',
]

const config: ViteUserConfig = {
  // The plugin adds the scenario files.
  plugins: [shakedown()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Most of what takes long here waits for a child process; Vitest alone would leave one of two cores idle.
    maxWorkers: '100%',
    // Where this names a runtime, the Chromium from npm brings the shared libraries and fonts it needs along as well, so
    // that a bare machine can start it.
    env: {
      AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x',
      // Every Vitest and every `shakedown` that a test starts finds what the one before it compiled, where Node keeps that
      // by itself.
      NODE_COMPILE_CACHE: path.join(tmpdir(), 'node-compile-cache'),
    },
    projects: [
      // A process for each file costs more than most files. The first project runs the scenarios, too.
      {
        extends: true,
        test: { name: 'shared process', isolate: false, include: TESTS, exclude: [...NO_TESTS, ...JUDGES] },
      },
      {
        extends: true,
        test: {
          name: 'own process',
          setupFiles: ['tests/support/end-kept-timers.ts'],
          include: ALONE,
          exclude: NO_TESTS,
        },
      },
      // A group of its own: Vitest ends a shared process as soon as the next file is of another project.
      {
        extends: true,
        test: {
          name: 'judging process',
          isolate: false,
          sequence: { groupOrder: 1 },
          setupFiles: ['tests/support/no-open-sockets.ts', 'tests/support/end-kept-timers.ts'],
          include: JUDGES,
          exclude: [...NO_TESTS, ...ALONE],
        },
      },
    ],
  },
}

export default config
