import type { RunTrail } from '../store.ts'
import { toBlame } from './blame.ts'
import type { Fate, Visit } from './explanation.ts'

/** What the fates of a run's tokens are told from, looked up once. */
export interface FateSources {
  readonly outcomes: ReadonlyMap<string, RunTrail['outcomeRows'][number]>
  /** The tokens that were made of each. */
  readonly children: ReadonlyMap<string, readonly string[]>
  /** The token each join went on with. */
  readonly joined: ReadonlyMap<string, string | null>
  /** Paths of nodes that have others in them. */
  readonly within: ReadonlySet<string>
}

export function fateSources(trail: RunTrail, within: ReadonlySet<string>): FateSources {
  const children = new Map<string, string[]>()
  for (const { tokenId, parentIds } of trail.tokenRows)
    for (const parent of parentIds) {
      const siblings = children.get(parent)
      if (siblings === undefined) children.set(parent, [tokenId])
      else siblings.push(tokenId)
    }
  return {
    outcomes: new Map(trail.outcomeRows.map((row) => [row.tokenId, row])),
    children,
    joined: new Map(trail.joinRows.map(({ joinGroup, tokenId }) => [joinGroup, tokenId])),
    within,
  }
}

/** What became of a token. */
export function explainFate(
  tokenId: string,
  visits: readonly Visit[],
  { outcomes, children, joined, within }: FateSources,
): Fate {
  const end = outcomes.get(tokenId)
  if (end === undefined) {
    const innermost = visits.findLast(({ path }) => !within.has(path))
    return { kind: 'open', last: innermost ?? visits.at(-1) ?? null }
  }
  const { atMs, reason, errorHash, joinGroup, outcome } = end
  switch (outcome) {
    case 'completed':
      return { kind: 'reached-end', atMs }
    case 'forked':
      return { kind: 'forked', atMs, into: children.get(tokenId) ?? [] }
    case 'coalesced': {
      const into = joinGroup === null ? null : (joined.get(joinGroup) ?? null)
      return { kind: 'coalesced', atMs, joinGroup, into, reason }
    }
    case 'failed':
    case 'quarantined':
    case 'cancelled': {
      const because = toBlame(
        visits.map((visit) => ({ visit, item: null })),
        within,
      )
      return { kind: 'stopped', outcome, atMs, reason, errorHash, joinGroup, because }
    }
  }
}
