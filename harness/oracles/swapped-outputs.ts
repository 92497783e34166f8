import { isDeepStrictEqual } from 'node:util'
import type { ParallelPolicy } from '../../src/nodes/parallel.ts'
import type { Observation } from '../scenario/observation.ts'
import { oncePerPlan, plansOf } from './plan-walk.ts'

/** What a parallel node gives under the key of a branch, and what that branch gave it. */
interface Swapped {
  readonly message: string
  readonly expected: unknown
  readonly actual: unknown
}

/** The paths of the parallel nodes of a tree that give what each branch gave under its key. */
const nestedIn = oncePerPlan(
  (plan): ReadonlySet<string> =>
    new Set(
      plansOf(plan, 'parallel')
        .filter(({ node }) => {
          const { join } = (node as unknown as { readonly policy: ParallelPolicy }).policy
          return join === undefined || join.merge === 'nested'
        })
        .map(({ path }) => path),
    ),
)

/** Outputs of branches that their node gives under the key of another one. */
export function swappedOutputs({ plan, records }: Observation): readonly Swapped[] {
  const nested = nestedIn(plan)
  if (nested.size === 0) return []
  return records.flatMap((record) => {
    if (record.kind !== 'join' || record.status !== 'merged' || !nested.has(record.path)) return []
    const { path, input, output, arrived } = record
    if (!isObject(input) || !isObject(output)) return []
    return arrived.flatMap(({ branch }) =>
      isDeepStrictEqual(input[branch], output[branch])
        ? []
        : [
            {
              message: `Expected ${path} to give what branch '${branch}' gave under its key, got something else.`,
              expected: input[branch],
              actual: output[branch],
            },
          ],
    )
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
