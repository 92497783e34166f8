import { atMost } from './at-most.ts'
import type { GateKind } from './gate.ts'

export const flaky: GateKind<number> & { readonly name: 'flaky' } = atMost({
  name: 'flaky',
  counts: 'tests that passed only when tried again',
  exitCode: 3,
  actual: (run) => run.flaky.length,
})
