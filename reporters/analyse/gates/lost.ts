import { atMost } from './at-most.ts'
import type { GateKind } from './gate.ts'

export const lost: GateKind<number> & { readonly name: 'lost' } = atMost({
  name: 'lost',
  counts: 'files that never reached their end',
  exitCode: 4,
  actual: (run) => run.totals.lost,
})
