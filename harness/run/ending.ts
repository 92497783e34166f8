import type { RunResult } from '../../src/index.ts'

/** How the subject ended: data, so that nothing is thrown past the loop. */
export interface Ending {
  readonly result?: RunResult
  readonly output?: unknown
  readonly thrown?: { readonly value: unknown }
}
