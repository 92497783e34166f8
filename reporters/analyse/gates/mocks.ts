import { atMost } from './at-most.ts'
import { EXECUTOR_MOCKED } from '../../report/scenarios.ts'
import type { GateKind } from './gate.ts'

export const mocks: GateKind<number> & { readonly name: 'mocks' } = atMost({
  name: 'mocks',
  counts: 'spies on and mocks of what tests should run',
  exitCode: 3,
  actual: (run) => run.remarks.filter(({ code }) => code === EXECUTOR_MOCKED).length,
})
