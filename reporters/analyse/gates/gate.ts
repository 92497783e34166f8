import type { RunReport } from '../../report/model.ts'

/** What gates look at. */
export type Gated = Pick<RunReport, 'totals' | 'timeouts' | 'asyncErrors' | 'warnings' | 'flaky'>

/** Something of which a run may have at most so much. */
export interface GateKind {
  /** Names the budget, too. */
  readonly name: string
  /** What is counted, in words for a person: `warnings`, `async errors`. */
  readonly counts: string
  actual(run: Gated): number
}
