import type { GateKind } from './gate.ts'

export const asyncErrors = {
  name: 'asyncErrors',
  counts: 'errors that no test waited for',
  actual: (run) => run.asyncErrors.length,
} as const satisfies GateKind
