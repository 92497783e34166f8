import type { AbortSignalled } from '../../base/control.ts'
import { addUsage, type StepResult } from '../../base/result.ts'
import { ShakedownError } from '../../base/errors.ts'
import type { Attempt } from './attempt.ts'
import { type Before, NOTHING_BEFORE, type Place } from '../checkpoint/past.ts'
import type { Scope } from '../scope.ts'
import { SIBLING_STOPPED, stopOf, withStop } from '../stop.ts'

/**
 * What a leaf of a run that is carried on came to in an earlier life, with what it did to the context done; nothing runs
 * and nothing is recorded. `undefined` when it has to run.
 */
async function recallLeaf(scope: Scope, path: string): Promise<StepResult | undefined> {
  const { run } = scope
  const kept = await run.durable?.recall(placeIn(scope, path))
  if (kept === undefined) return undefined
  const { result, changes } = kept
  if (changes.size > 0) scope.context.commit(changes)
  run.steps++
  run.metered = addUsage(run.metered, result.usage)
  scope.continuesMs = run.world.clock.monotonicMs()
  return result.status === 'cancelled' ? withStop(result, scope.aborted ?? (await nextAbort(scope))) : result
}

/** What cancelled a branch cancels it again: a sibling, or the time limit of its join, which starts anew. */
function nextAbort(scope: Scope): Promise<AbortSignalled> {
  return new Promise((resolve) => {
    const hear = (signalled: AbortSignalled): void => {
      scope.offAbort(hear)
      resolve(signalled)
    }
    scope.onAbort(hear)
  })
}

/** What a leaf did in an earlier life: its result, or the attempts on record of one that has to run. */
export async function leafBefore(scope: Scope, path: string): Promise<Before> {
  const { run } = scope
  if (run.durable?.isCarriedOn !== true) return NOTHING_BEFORE
  const result = await recallLeaf(scope, path)
  if (result !== undefined) return { ...NOTHING_BEFORE, result }
  const before = run.durable.before(placeIn(scope, path))
  run.metered = addUsage(run.metered, before.usage)
  return before
}

/**
 * Makes an attempt's writes to the context the run's. In a durable run what came of it is prepared, for `keepLeaf`, which
 * follows before anything else happens.
 * @throws CheckpointError when it cannot be kept; then nothing is committed
 */
export function commitLeaf(scope: Scope, attempt: Attempt, output: unknown): void {
  const { durable } = scope.run
  if (durable === undefined) {
    attempt.commit()
    return
  }
  const changes = attempt.changes()
  durable.prepare(attempt.step, output, changes)
  if (changes !== undefined && changes.size > 0) scope.context.commit(changes)
}

/** Keeps what a leaf came to, with the record of its end, so that it does not run again when the run is carried on. */
export function keepLeaf(scope: Scope, result: StepResult): void {
  const { run } = scope
  if (run.unrecorded !== undefined || !isFinal(scope, result)) return
  try {
    run.durable?.keep(placeIn(scope, result.path), result)
  } catch (thrown) {
    run.refused(thrown)
  }
}

/**
 * A leaf that something ended before it was done runs again, unless it is no longer wanted by the node whose branch it is
 * in: what the caller aborts is carried on when the caller asks for that.
 */
function isFinal(scope: Scope, result: StepResult): boolean {
  switch (result.status) {
    case 'completed':
    case 'skipped':
      return true
    case 'failed':
      return stopOf(result) === undefined
    case 'cancelled':
      // One that ends the run by itself, with an abort of its own, is stopped by nothing that would come again.
      return stopOf(result) === scope.aborted && !scope.isAbortedFromOutside && !isEndOfRun(scope.aborted)
    case 'paused':
      return false
  }
}

/** The run was ended beside it: carried on, it may come past that. */
function isEndOfRun(aborted: AbortSignalled | undefined): boolean {
  return aborted?.cause instanceof ShakedownError && aborted.cause.code === SIBLING_STOPPED
}

function placeIn({ tokenId, visit }: Scope, path: string): Place {
  return { tokenId, visit, path }
}
