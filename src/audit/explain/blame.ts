import type { Visit } from './explanation.ts'

/** A visit with the item its token carries: items run through the same paths side by side. */
export interface OfItem {
  readonly visit: Visit
  readonly item: string | null
}

/**
 * Innermost nodes that did not complete, unless a node around them did; and nodes that did not complete although all in
 * them did, such as a loop that never met its condition.
 *
 * @param within paths of all nodes that others were recorded in
 * @returns in the order it ended, what is open last
 */
export function toBlame(visits: readonly OfItem[], within: ReadonlySet<string>): readonly Visit[] {
  // From the end: the end of what is around a node is the next one after it, whatever a loop did before.
  const backwards = visits.toSorted((a, b) => placeOf(b) - placeOf(a))
  const around = new Map<string, Visit['status']>()
  /** Nodes whose reason may be inside them: what is told next is, until they are told of once more. */
  const waiting = new Map<string, Visit>()
  const blamed = new Set<Visit>()
  for (const { visit, item } of backwards) {
    const key = (path: string): string => JSON.stringify([item, path])
    // A token ends a join whatever came of it, and its path may be that of the node whose branches meet there.
    if (visit.node === 'join' && visit.status === 'completed') continue
    const mine = key(visit.path)
    const before = waiting.get(mine)
    if (before !== undefined) blamed.add(before)
    waiting.delete(mine)
    const above = pathsAbove(visit.path).map(key)
    if (visit.status !== 'completed' && visit.status !== 'skipped') {
      const madeUpFor = above.some((each) => around.get(each) === 'completed')
      if (!madeUpFor) {
        for (const each of above) waiting.delete(each)
        if (!within.has(visit.path)) blamed.add(visit)
        // A pipeline has no reasons of its own; one whose last node is a join ends as that did.
        else if (visit.node !== 'pipeline') waiting.set(mine, visit)
      }
    }
    if (visit.node !== 'join') around.set(mine, visit.status)
  }
  for (const visit of waiting.values()) blamed.add(visit)
  return backwards.flatMap(({ visit }) => (blamed.has(visit) ? [visit] : [])).toReversed()
}

/** Every path that has another one in it. */
export function pathsWithParts(visits: readonly Visit[]): ReadonlySet<string> {
  return new Set(visits.flatMap(({ path }) => pathsAbove(path)))
}

function pathsAbove(path: string): readonly string[] {
  const above: string[] = []
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    above.push(path.slice(0, end))
  return above
}

function placeOf({ visit }: OfItem): number {
  return visit.endedSeq ?? Infinity
}
