import type { SerializedError, StepResult } from '../../base/result.ts'
import type { PlannedChild } from '../plan.ts'

/** Most branches whose reasons one text gives; all of them are in the result's `children`. */
const REASONS_MAX = 10

/**
 * Why a node failed some of whose branches have: `branch 'b' failed: …`, or `2 of 3 branches failed: 'b': …; 'c': …`.
 * @param other what failed beside them
 */
export function branchFailure(
  branches: readonly PlannedChild[],
  results: readonly StepResult[],
  other: SerializedError | undefined,
): SerializedError {
  const failed = branches.flatMap(({ key }, at) => {
    const result = results[at]
    return result?.status === 'failed' ? [{ key, result }] : []
  })
  const [first] = failed
  const message = worded(failed, branches.length)
  if (first !== undefined && failed.length === 1 && other === undefined) {
    const { error: cause } = first.result
    return {
      name: 'BranchFailedError',
      code: 'E_BRANCH_FAILED',
      message,
      ...(cause === null ? {} : { cause }),
    }
  }
  const errors = failed.flatMap(({ result }) => result.error ?? [])
  if (other === undefined) return { name: 'AggregateError', message, errors }
  return { name: 'AggregateError', message: `${message}; ${other.message}`, errors: [...errors, other] }
}

function worded(
  failed: readonly { readonly key: string; readonly result: StepResult }[],
  all: number,
): string {
  const [first] = failed
  if (first !== undefined && failed.length === 1)
    return `branch '${first.key}' failed: ${first.result.feedback}`
  const reasons = failed.slice(0, REASONS_MAX).map(({ key, result }) => `'${key}': ${result.feedback}`)
  const more = failed.length - reasons.length
  if (more > 0) reasons.push(`and ${more} more`)
  return `${failed.length} of ${all} branches failed: ${reasons.join('; ')}`
}
