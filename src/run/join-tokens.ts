import type { Arrival, Loss } from '../audit/records.ts'
import type { StepResult } from '../base/result.ts'
import type { Forked } from './branches.ts'
import { endPart, joinParts } from './fork.ts'
import { sumSpent } from './results.ts'
import type { Scope } from './scope.ts'
import { recordJoin } from './trail.ts'

/** What the branches of a node came to, and the node. */
export interface Joined {
  /** One for each branch. */
  readonly results: readonly StepResult[]
  /** When each of them was there, in milliseconds since the run started. */
  readonly atMs: readonly number[]
  /** What the join waits for, such as `all`. */
  readonly policy: string
  /** The node's. */
  readonly whole: StepResult
}

/** A branch that has done what it was asked to; there may have been nothing to do. */
export function hasArrived({ status }: StepResult): boolean {
  return status === 'completed' || status === 'skipped'
}

/**
 * Gives the token of every branch its outcome, records how they met, and makes the scope carry on as the token that came
 * of them. A node that is paused has not ended: then no token is given an outcome, the scope's neither.
 */
export function joinTokens(forked: Forked, joined: Joined): void {
  const { scope, path, parts } = forked
  const { results, whole } = joined
  if (whole.status === 'paused') {
    for (const part of parts) part.close()
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    return
  }
  const joinGroup = `${scope.tokenId} ${path}`
  for (let at = 0; at < parts.length; at++) {
    const [part, result] = [parts[at], results[at]]
    if (part !== undefined && result !== undefined) endBranch(part, result, whole, joinGroup)
  }
  joinParts(scope, parts)
  if (scope.run.recorded) record(forked, joined, joinGroup)
}

/** A token that arrived shares the fate of the join; one that was lost on the way has a reason of its own. */
function endBranch(part: Scope, result: StepResult, whole: StepResult, joinGroup: string): void {
  if (hasArrived(result)) {
    if (whole.success) endPart(part, 'coalesced', null, joinGroup)
    else endPart(part, outcomeOf(whole), whole.feedback, joinGroup)
  } else if (result.status === 'paused') endPart(part, 'cancelled', whole.feedback)
  else endPart(part, outcomeOf(result), result.feedback)
}

function outcomeOf({ status }: StepResult): 'cancelled' | 'failed' {
  return status === 'cancelled' ? 'cancelled' : 'failed'
}

function record({ scope, path, branches, parts }: Forked, joined: Joined, joinGroup: string): void {
  const { results, atMs, policy, whole } = joined
  const arrived: Arrival[] = []
  const lost: Loss[] = []
  const input: [string, unknown][] = []
  for (const [at, { key: branch }] of branches.entries()) {
    const [part, result] = [parts[at], results[at]]
    if (part === undefined || result === undefined) continue
    if (!hasArrived(result)) lost.push({ branch, reason: result.feedback ?? result.status })
    else {
      arrived.push({ branch, tokenId: part.tokenId, atMs: atMs[at] ?? 0 })
      input.push([branch, result.output])
    }
  }
  arrived.sort((a, b) => a.atMs - b.atMs)
  const { run } = scope
  recordJoin(scope, {
    joinGroup,
    path,
    policy,
    status: whole.success ? 'merged' : 'failed',
    arrived,
    missing: [],
    missingOutcome: null,
    lost,
    waitedMs: arrived[0] === undefined ? 0 : run.elapsedMs() - arrived[0].atMs,
    timeoutMs: null,
    reason: whole.feedback,
    usage: sumSpent(results.filter(hasArrived)).usage,
    collisions: {},
    input: Object.fromEntries(input),
    output: whole.output,
  })
}
