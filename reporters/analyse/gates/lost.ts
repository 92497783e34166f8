import type { GateKind } from './gate.ts'

export const lost = {
  name: 'lost',
  counts: 'files that never reached their end',
  actual: (run) => run.totals.lost,
} as const satisfies GateKind
