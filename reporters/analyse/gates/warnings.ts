import type { GateKind } from './gate.ts'

export const warnings = {
  name: 'warnings',
  counts: 'warnings',
  actual: (run) => run.warnings.total,
} as const satisfies GateKind
