import { atMost } from './at-most.ts'
import type { GateKind } from './gate.ts'

export const asyncErrors: GateKind<number> & { readonly name: 'asyncErrors' } = atMost({
  name: 'asyncErrors',
  counts: 'errors that no test waited for',
  exitCode: 4,
  actual: (run) => run.asyncErrors.length,
})
