import type { Arrival, Loss, Outcome } from '../../audit/records.ts'
import type { StepResult } from '../../base/result.ts'
import { type Collisions, NO_COLLISIONS } from '../../join/merge-outputs.ts'
import type { MissingBranch } from '../../join/join-spec.ts'
import type { Resolution } from '../../join/resolution.ts'
import type { Forked } from './branches.ts'
import { endPart, joinParts } from '../fork.ts'
import { completedResult, NOTHING_SPENT, sumSpent } from '../results.ts'
import type { Scope } from '../scope.ts'
import { recordJoin, recordStep } from '../trail.ts'

/** Why a token fails that comes when its join has been resolved, whatever that came to. */
export const LATE_ARRIVAL = 'late_arrival_after_merge'
/** Why a token fails whose branch had not come when the time of a join was over that merged without it. */
const MISSING = 'missing_at_timeout'

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
  /** What its join came to, if it has a policy of its own. */
  readonly resolved?: Resolved | undefined
}

/** What a join of branches came to, and what becomes of branches that did not come in time. */
export interface Resolved {
  readonly resolution: Resolution
  readonly missing: MissingBranch
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
  const { scope, path, parts, branches } = forked
  const { results, whole } = joined
  if (whole.status === 'paused') {
    for (const part of parts) part.close()
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    return
  }
  const joinGroup = `${scope.tokenId} ${path}`
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at]
    const result = results[at]
    const branch = branches[at]
    if (part === undefined || result === undefined || branch === undefined) continue
    if (isMissing(branch.key, joined)) endMissing(part, result, joined, joinGroup)
    else endBranch(part, result, joined, joinGroup)
  }
  joinParts(scope, parts)
  if (scope.run.recorded) record(forked, joined, joinGroup)
}

/** A token that arrived shares the fate of the join; one that was lost on the way has a reason of its own. */
function endBranch(part: Scope, result: StepResult, joined: Joined, joinGroup: string): void {
  const { whole } = joined
  if (hasArrived(result)) {
    recordArrival(part, whole.name, whole.path)
    if (whole.success) endPart(part, 'coalesced', null, joinGroup)
    else endPart(part, outcomeOf(whole), reasonOf(joined), joinGroup)
  } else if (result.status === 'paused') endPart(part, 'cancelled', whole.feedback)
  else endPart(part, outcomeOf(result), result.feedback)
}

/** A token that the join did not wait for: it came too late, was not in time, or is not needed. */
function endMissing(part: Scope, result: StepResult, { resolved, whole }: Joined, joinGroup: string): void {
  if (hasArrived(result)) endPart(part, 'failed', LATE_ARRIVAL, joinGroup)
  else if (resolved?.resolution.by === 'timeout')
    endPart(part, missingOutcome(resolved) ?? 'failed', resolved.resolution.reason ?? MISSING, joinGroup)
  else {
    // It may have met what ends the run before it was cancelled.
    const outcome = result.status === 'failed' ? 'failed' : 'cancelled'
    endPart(part, outcome, result.feedback ?? whole.feedback, joinGroup)
  }
}

/** The end of a join for a token that arrived there; what came of it is in the join's record and the token's outcome. */
export function recordArrival(scope: Scope, join: string, path: string): void {
  if (scope.run.recorded) recordStep(scope, 'join', completedResult(join, path, undefined, NOTHING_SPENT))
}

/** Why the branches did not come together: what their join says, unless something else has ended it or the node. */
function reasonOf({ whole, resolved }: Joined): string | null {
  return (whole.status === 'failed' ? resolved?.resolution.reason : undefined) ?? whole.feedback
}

function isMissing(branch: string, { resolved }: Joined): boolean {
  return resolved !== undefined && resolved.resolution.missing.includes(branch)
}

/** What becomes of branches that had not come: what the node says of those whose time was over; the others are cancelled. */
export function missingOutcome({ resolution, missing }: Resolved): Outcome | null {
  if (resolution.missing.length === 0) return null
  if (resolution.by !== 'timeout' && resolution.by !== 'end') return 'cancelled'
  return missing === 'quarantine' ? 'quarantined' : 'failed'
}

function outcomeOf({ status }: StepResult): 'cancelled' | 'failed' {
  return status === 'cancelled' ? 'cancelled' : 'failed'
}

/** Who came and what kept others from coming, for the record. */
interface Came {
  readonly arrived: readonly Arrival[]
  readonly lost: readonly Loss[]
  readonly waitedMs: number
}

function record(forked: Forked, joined: Joined, joinGroup: string): void {
  const { scope, path, branches } = forked
  const { results, policy, whole, resolved } = joined
  const { arrived, lost, waitedMs } =
    resolved === undefined ? cameToAll(forked, joined) : cameTo(resolved, scope)
  const arrivals = new Set(arrived.map(({ branch }) => branch))
  const input = branches.flatMap(({ key }, at) =>
    arrivals.has(key) ? [[key, results[at]?.output] as const] : [],
  )
  const came = results.filter((_, at) => arrivals.has(branches[at]?.key ?? ''))
  const collisions: Collisions = resolved?.resolution.collisions ?? NO_COLLISIONS
  recordJoin(scope, {
    joinGroup,
    path,
    policy,
    status: whole.success ? 'merged' : 'failed',
    arrived,
    missing: resolved?.resolution.missing ?? [],
    missingOutcome: resolved === undefined ? null : missingOutcome(resolved),
    lost,
    waitedMs,
    timeoutMs: resolved?.resolution.timeoutMs ?? null,
    reason: reasonOf(joined),
    usage: sumSpent(came).usage,
    collisions,
    input: Object.fromEntries(input),
    output: whole.output,
  })
}

/** By the join's own account. */
function cameTo({ resolution }: Resolved, { run }: Scope): Came {
  const { openedMs, lost, waitedMs } = resolution
  const arrived = resolution.arrived.map(({ branch, tokenId, offsetMs }) => {
    return { branch, tokenId, atMs: openedMs + offsetMs - run.startedMs }
  })
  return { arrived, lost, waitedMs }
}

/** To a join that waits for every branch, whatever becomes of it. */
function cameToAll({ scope, branches, parts }: Forked, { results, atMs }: Joined): Came {
  const arrived: Arrival[] = []
  const lost: Loss[] = []
  for (const [at, { key: branch }] of branches.entries()) {
    const [part, result] = [parts[at], results[at]]
    if (part === undefined || result === undefined) continue
    if (!hasArrived(result)) lost.push({ branch, reason: result.feedback ?? result.status })
    else arrived.push({ branch, tokenId: part.tokenId, atMs: atMs[at] ?? 0 })
  }
  arrived.sort((a, b) => a.atMs - b.atMs)
  return { arrived, lost, waitedMs: arrived[0] === undefined ? 0 : scope.run.elapsedMs() - arrived[0].atMs }
}
