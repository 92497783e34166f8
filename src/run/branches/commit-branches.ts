import { type BranchChanges, mergeContext, type OnConflict } from '../../join/merge-context.ts'
import type { ParallelPolicy } from '../../nodes/parallel.ts'
import type { StepResult } from '../../base/result.ts'
import type { Forked } from './branches.ts'
import { decide } from '../decide.ts'
import { hasArrived } from './join-tokens.ts'
import type { Lost } from '../leaves/settle.ts'
import { thrownAs } from '../leaves/settle.ts'
import { untilAborted } from '../until-aborted.ts'

export const NO_CHANGES: readonly BranchChanges[] = []

/** What completed branches wrote to their contexts; nothing for those that wrote nothing. */
export function changedBy(
  { branches, parts }: Forked,
  results: readonly (StepResult | undefined)[],
): readonly BranchChanges[] {
  let changed: BranchChanges[] | undefined
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]
    if (part?.context.changed !== true) continue
    const branch = branches[at]
    const result = results[at]
    if (branch === undefined || result === undefined) continue
    if (hasArrived(result)) (changed ??= []).push({ branch: branch.key, changes: part.context.changes() })
  }
  return changed ?? NO_CHANGES
}

/**
 * Makes what branches wrote to their contexts the scope's; all of it, or nothing.
 * @returns why nothing was committed
 */
export async function commitBranches(
  { scope, path }: Forked,
  changed: readonly BranchChanges[],
  { context, onConflict }: Pick<ParallelPolicy, 'context' | 'onConflict'>,
): Promise<Lost | undefined> {
  if (changed.length === 0) return undefined
  const ask: OnConflict | undefined =
    onConflict === undefined
      ? undefined
      : async (key, base, values) => {
          if (scope.aborted !== undefined) throw scope.aborted
          const asked = decide(scope, path, `onConflict ${key}`, () => onConflict(key, base, values))
          const waited = await untilAborted(scope, asked)
          if (waited.kind === 'aborted') throw waited.stop
          return waited.value
        }
  try {
    scope.context.commit(await mergeContext(scope.context.now, changed, context, ask))
    return undefined
  } catch (thrown) {
    return thrownAs(thrown)
  }
}
