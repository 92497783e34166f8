import type { GateKind } from './gate.ts'

export const timeouts = {
  name: 'timeouts',
  counts: 'tests, hooks, files and runs that ran out of time',
  actual: (run) => run.timeouts.length,
} as const satisfies GateKind
