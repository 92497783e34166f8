import { atMost } from './at-most.ts'
import type { GateKind } from './gate.ts'

export const warnings: GateKind<number> & { readonly name: 'warnings' } = atMost({
  name: 'warnings',
  counts: 'warnings',
  exitCode: 3,
  actual: (run) => run.warnings.total,
})
