import type * as z from '../../src/base/zod.ts'
import { ShakedownError } from '../../src/base/errors.ts'
import { asyncErrors } from './gates/async-errors.ts'
import { flaky } from './gates/flaky.ts'
import { lost } from './gates/lost.ts'
import { mocks } from './gates/mocks.ts'
import { timeouts } from './gates/timeouts.ts'
import { warnings } from './gates/warnings.ts'
import type { Gate } from '../report/model.ts'
import type { Gated, GateKind } from './gates/gate.ts'

/** Every gate there is. To add one, write its file in `gates/` and a line here. */
export const GATES = [
  timeouts,
  asyncErrors,
  lost,
  warnings,
  flaky,
  mocks,
] as const satisfies readonly GateKind[]

type AnyGate = (typeof GATES)[number]

export type GateName = AnyGate['name']

/** What budgets of one gate look like. */
export type BudgetOf<Name extends GateName> = z.output<
  Extract<AnyGate, { readonly name: Name }>['budget']['schema']
>

/**
 * How much of each a run may have.
 *
 * Timeouts, async errors and lost files that no budget allows make a run end with 4; a budget for them replaces this
 * default of 0. Of the others a run without a budget may have any number. Tests that failed are in no budget.
 *
 * @example
 * const budgets: Budgets = { asyncErrors: 0, warnings: 500 }
 */
export type Budgets = { readonly [Name in GateName]?: BudgetOf<Name> }

/** A run compared with its budgets. */
export interface Judgement {
  /** Those whose budget was set, in the order of `GATES`. */
  readonly gates: readonly Gate[]
  /** Those that are exceeded, also where nobody set a budget. */
  readonly exceeded: readonly GateKind[]
}

/** @throws ShakedownError `E_JOURNAL` for a budget that the gate of this release does not understand */
export function judgeGates(run: Gated, budgets: Readonly<Record<string, unknown>>): Judgement {
  const gates: Gate[] = []
  const exceeded: GateKind[] = []
  for (const kind of GATES as readonly GateKind[]) {
    const given = budgets[kind.name]
    const budget = given === undefined ? kind.preset : parseBudget(kind, given)
    if (budget === undefined) continue
    const result = kind.judge(run, budget)
    if (given !== undefined) gates.push({ name: kind.name, ...result })
    if (!result.ok) exceeded.push(kind)
  }
  return { gates, exceeded }
}

function parseBudget({ name, budget }: GateKind, given: unknown): unknown {
  const parsed = budget.schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ShakedownError(
    'E_JOURNAL',
    `Expected the budget \`${name}\` in the journal to be ${budget.expected}, got ${JSON.stringify(given)}.`,
    { hint: 'A newer shakedown may have written the journal: read it with that one.' },
  )
}
