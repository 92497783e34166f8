import { atMost } from './at-most.ts'
import type { GateKind } from './gate.ts'

export const timeouts: GateKind<number> & { readonly name: 'timeouts' } = atMost({
  name: 'timeouts',
  counts: 'tests, hooks, files and runs that ran out of time',
  exitCode: 4,
  actual: (run) => run.timeouts.length,
})
