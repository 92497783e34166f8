import type { AbortSignalled } from '../../base/control.ts'
import type { StepResult } from '../../base/result.ts'
import type { Ran } from './branches.ts'
import { hasArrived } from './join-tokens.ts'
import type { Scope } from '../scope.ts'

/**
 * What ended the whole run in the branches, or from above; nothing when the node came to its own end. What a branch has
 * met ends the run also where that branch was cancelled meanwhile.
 */
export function endAmong({ results, stopped }: Ran, scope: Scope): AbortSignalled | StepResult | undefined {
  if (stopped !== undefined) return stopped
  return scope.aborted !== undefined && !results.every(hasArrived) ? scope.aborted : undefined
}

/** The first branch that is paused. */
export function pauseAmong({ results }: Ran): StepResult | undefined {
  return results.find(({ status }) => status === 'paused')
}
