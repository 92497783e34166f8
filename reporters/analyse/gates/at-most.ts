import * as z from '../../../src/base/zod.ts'
import type { BudgetKind, Gated, GateKind } from './gate.ts'

/** How many of something there may be. */
export const amount: BudgetKind<number> = {
  schema: z.int('a whole number').min(0, 'a whole number from 0'),
  expected: 'a whole number from 0',
  // Nine digits: all of them are exact as a number, and no count goes further.
  text: {
    schema: z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
    placeholder: '<n>',
  },
}

interface AtMost<Name extends string> extends Pick<GateKind<number>, 'exitCode'> {
  readonly name: Name
  /** What is counted, in words for a person. */
  readonly counts: string
  readonly actual: (run: Gated) => number
}

/** A gate whose budget is the most that a run may have. One that gives 4 allows none unless a budget was set. */
export function atMost<const Name extends string>({
  name,
  counts,
  exitCode,
  actual: count,
}: AtMost<Name>): GateKind<number> & { readonly name: Name } {
  return {
    name,
    doc: `fail the run above this many ${counts}`,
    budget: amount,
    preset: exitCode === 4 ? 0 : undefined,
    exitCode,
    judge: (run, limit) => {
      const actual = count(run)
      return { limit, actual, ok: actual <= limit }
    },
  }
}
