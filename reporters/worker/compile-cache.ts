import { enableCompileCache, flushCompileCache } from 'node:module'
import { afterAll } from 'vitest'

/**
 * Keeps what Node compiles for this worker, so that the next one starts sooner. Called in a setup file, before the
 * worker imports what runs scenarios. Modules that Vitest transforms are not compiled by Node.
 */
export function keepCompiledCode(): void {
  enableCompileCache()
  // Vitest ends a worker by a signal; Node itself would write what it has compiled only at an exit.
  afterAll(() => flushCompileCache())
}
