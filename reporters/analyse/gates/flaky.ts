import type { GateKind } from './gate.ts'

export const flaky = {
  name: 'flaky',
  counts: 'tests that passed only when tried again',
  actual: (run) => run.flaky.length,
} as const satisfies GateKind
