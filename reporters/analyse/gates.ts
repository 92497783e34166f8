import { asyncErrors } from './gates/async-errors.ts'
import { flaky } from './gates/flaky.ts'
import { lost } from './gates/lost.ts'
import { timeouts } from './gates/timeouts.ts'
import { warnings } from './gates/warnings.ts'
import type { Gate } from '../report/model.ts'
import type { Gated, GateKind } from './gates/gate.ts'

/** Every gate there is. To add one, write its file in `gates/` and a line here. */
export const GATES = [timeouts, asyncErrors, lost, warnings, flaky] as const satisfies readonly GateKind[]

/**
 * How much of each a run may have; what is not named is not limited.
 *
 * A budget is one more thing to keep: it never makes a run pass that failed without it.
 *
 * @example
 * const budgets: Budgets = { asyncErrors: 0, warnings: 500 }
 */
export type Budgets = { readonly [Name in (typeof GATES)[number]['name']]?: number }

/** Compares a run with its budgets, in the order of `GATES`. */
export function gatesOf(run: Gated, budgets: Readonly<Record<string, number>>): Gate[] {
  return GATES.flatMap(({ name, actual: count }) => {
    const limit = budgets[name]
    if (limit === undefined) return []
    const actual = count(run)
    return [{ name, limit, actual, ok: actual <= limit }]
  })
}
