import type * as z from '../../../src/base/zod.ts'
import type { RunReport } from '../../report/model.ts'

/** What gates look at. */
export type Gated = Pick<
  RunReport,
  'totals' | 'timeouts' | 'asyncErrors' | 'warnings' | 'flaky' | 'remarks' | 'benches'
>

/** One count that is compared with its budget. */
export interface GateKind<Budget = unknown> {
  /** Names the budget, too. */
  readonly name: string
  /** One line for `--help` and the README: no capital, no full stop. */
  readonly doc: string
  /** What budgets of it look like. */
  readonly budget: BudgetKind<Budget>
  /** The budget of a run that was given none; `undefined` for no limit. */
  readonly preset: Budget | undefined
  /** What a run ends with that exceeds it: 3, or 4 where more than the budget means that it was not finished. */
  readonly exitCode: 3 | 4
  judge(run: Gated, budget: Budget): GateResult
}

/** How much there was, how much may be, and whether that is kept. */
export interface GateResult {
  readonly limit: number
  readonly actual: number
  readonly ok: boolean
}

/** A sort of budget: what is right, how it is worded, and how text becomes it. */
export interface BudgetKind<Budget> {
  readonly schema: z.ZodType<Budget>
  /** A right value in words, for messages. */
  readonly expected: string
  readonly text: {
    readonly schema: z.ZodType<Budget, string>
    /** What `--help` shows after the flag. */
    readonly placeholder: string
  }
}
