import type { Outcome } from '../audit/records.ts'
import type { ForkPart } from './run.ts'
import { Scope } from './scope.ts'
import { recordOutcome, recordToken } from './trail.ts'

/**
 * Forks a scope's token: its outcome is `forked`, and each part gets a token, a context and an abort of its own. End
 * every part with `endPart`, then make the scope carry on with `joinParts`.
 *
 * @param include the keys of the context that the parts see; all of them when left out
 */
export function forkScope(scope: Scope, parts: readonly ForkPart[], include?: readonly string[]): Scope[] {
  recordOutcome(scope, 'forked', null)
  const { continuesMs } = scope
  return parts.map((part) => forkPart(scope, part, continuesMs, include))
}

/**
 * One part of a scope whose token has its outcome `forked`, with a token, a context and an abort of its own.
 * @param continuesMs now
 */
export function forkPart(
  scope: Scope,
  part: ForkPart,
  continuesMs: number,
  include?: readonly string[],
): Scope {
  const child = new Scope(
    scope.run,
    {
      tokenId: scope.run.forkedTokenId(scope.tokenId, part),
      visit: scope.visit,
      context: scope.context.fork(include),
      abortable: true,
      continuesMs,
    },
    scope,
  )
  recordToken(child, [scope.tokenId], part)
  return child
}

/**
 * Gives a part's token its outcome; an abort of the scope it was forked from no longer reaches it.
 * @param joinGroup the join that settled it, if one did
 */
export function endPart(
  part: Scope,
  outcome: Outcome,
  reason: string | null,
  joinGroup: string | null = null,
): void {
  recordOutcome(part, outcome, reason, joinGroup)
  part.close()
}

/** Makes a forked scope carry on as a new token, whose parents are the tokens of the parts. */
export function joinParts(scope: Scope, parts: readonly Scope[], part?: ForkPart): void {
  const parentIds = parts.map(({ tokenId }) => tokenId)
  scope.carryOnAs(scope.run.joinedTokenId(parentIds))
  recordToken(scope, parentIds, part)
}

/**
 * A scope for one iteration of a loop: the same token on its next visit to what is inside the loop, with a context of
 * its own, whose changes the loop commits when it wants to keep them. End it with `endIteration`.
 * @param path the loop's
 */
export function iterationScope(scope: Scope, path: string): Scope {
  const { visits } = scope
  const visit = (visits.get(path) ?? 0) + 1
  visits.set(path, visit)
  return new Scope(
    scope.run,
    {
      tokenId: scope.tokenId,
      visit,
      context: scope.context.fork(),
      abortable: scope.abortable,
      visits,
    },
    scope,
  )
}

/** Makes the scope carry on as the token that came out of the iteration. */
export function endIteration(scope: Scope, iteration: Scope): void {
  iteration.close()
  scope.carryOnAfter(iteration)
}
