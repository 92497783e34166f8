import type { JoinRecord } from '../../audit/records.ts'
import { addUsage, NO_USAGE } from '../../base/result.ts'
import { policyName } from '../../join/join-policy.ts'
import type { JoinRule } from '../../join/join-spec.ts'
import type { Resolution } from '../../join/resolution.ts'
import { joinParts } from '../fork.ts'
import { missingOutcome, recordArrival } from './join-tokens.ts'
import type { Scope } from '../scope.ts'
import { recordJoin, recordOutcome } from '../trail.ts'

/** A join node at its place. */
export interface MeetingPlace {
  readonly path: string
  readonly node: { readonly name: string; readonly branches: readonly string[]; readonly rule: JoinRule }
}

/** An item at a join: whose it is, and what it brings. */
export interface Comer {
  readonly scope: Scope
  readonly key: string
  readonly branch: string
  readonly value: unknown
}

/** What a join means to one of the items that came to it. */
export type Met =
  | { readonly kind: 'goes-on'; readonly resolution: Resolution }
  /** Another item goes on, as this token. */
  | { readonly kind: 'coalesced'; readonly into: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly resolution: Resolution | undefined }
  | { readonly kind: 'cancelled' }

/** An item that waits. */
export interface Waiting extends Comer {
  readonly resolve: (met: Met) => void
}

/**
 * A join of items was resolved: gives every token that came its outcome, records what happened, and tells each item what
 * it means to it. Of those that merged, the one that goes on is the first as branches are declared; the contexts of the
 * others are added to its own in that order, so the last wins.
 */
export function settleMeeting(
  place: MeetingPlace,
  resolution: Resolution,
  waiting: Map<string, Waiting>,
  joinGroup: string,
): void {
  const came = take(place, resolution, waiting)
  const [goesOn] = came
  // Its records come before that of the token it goes on as.
  const facts = factsOf(place, resolution, came, joinGroup)
  const isMerged = resolution.status === 'merged'
  const outcome = isMerged ? 'coalesced' : resolution.by === 'abandoned' ? 'cancelled' : 'failed'
  for (const { scope } of came) {
    recordArrival(scope, place.node.name, place.path)
    recordOutcome(scope, outcome, resolution.reason, joinGroup)
    scope.ended = true
  }
  if (goesOn === undefined) return
  const { scope } = goesOn
  if (isMerged) {
    for (const other of came) if (other !== goesOn) scope.context.commit(other.scope.context.changes())
    joinParts(
      scope,
      came.map((each) => each.scope),
      { item: resolution.item },
    )
    scope.ended = false
  }
  recordJoin(scope, { ...facts, tokenId: isMerged ? scope.tokenId : null })
  for (const each of came) each.resolve(metOf(each, goesOn, resolution))
}

function metOf(waiting: Waiting, goesOn: Waiting, resolution: Resolution): Met {
  if (resolution.by === 'abandoned') return { kind: 'cancelled' }
  if (resolution.reason !== null) return { kind: 'failed', reason: resolution.reason, resolution }
  return waiting === goesOn
    ? { kind: 'goes-on', resolution }
    : { kind: 'coalesced', into: goesOn.scope.tokenId }
}

/** Those that came, as their branches are declared; they wait no longer. */
function take(
  { node }: MeetingPlace,
  { arrived }: Resolution,
  waiting: Map<string, Waiting>,
): readonly Waiting[] {
  const came = arrived.flatMap(({ tokenId }) => {
    const each = waiting.get(tokenId)
    waiting.delete(tokenId)
    return each === undefined ? [] : [each]
  })
  return came.toSorted((a, b) => node.branches.indexOf(a.branch) - node.branches.indexOf(b.branch))
}

function factsOf(
  { path, node }: MeetingPlace,
  resolution: Resolution,
  came: readonly Waiting[],
  joinGroup: string,
): Omit<JoinRecord, 'kind' | 'runId' | 'visit' | 'tokenId' | 'atMs'> {
  const { item, status, reason, missing, lost, openedMs, waitedMs, timeoutMs, collisions, output } =
    resolution
  const startedMs = came[0]?.scope.run.startedMs ?? 0
  return {
    joinGroup,
    path,
    item,
    policy: policyName(resolution.join.policy),
    status,
    arrived: resolution.arrived.map(({ branch, tokenId, offsetMs }) => {
      return { branch, tokenId, atMs: openedMs + offsetMs - startedMs }
    }),
    missing,
    // Of items that have not come there is no token; once its join is resolved, one that comes is late.
    missingOutcome:
      resolution.by === 'branch' ? null : missingOutcome({ resolution, missing: node.rule.missing }),
    lost,
    waitedMs,
    timeoutMs,
    reason,
    usage: came.reduce((sum, { scope }) => addUsage(sum, scope.spent), NO_USAGE),
    collisions,
    input: Object.fromEntries(came.map(({ branch, value }) => [branch, value])),
    output,
  }
}
