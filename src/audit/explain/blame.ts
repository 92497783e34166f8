import type { Visit } from './explanation.ts'

/** A visit with the item its token carries: items run through the same paths side by side. */
export interface OfItem {
  readonly visit: Visit
  readonly item: string | null
}

/**
 * Innermost nodes that did not complete, unless a node around them did.
 *
 * @param within paths of all nodes that others were recorded in
 * @returns in the order it ended, what is open last
 */
export function toBlame(visits: readonly OfItem[], within: ReadonlySet<string>): readonly Visit[] {
  // From the end: the end of what is around a node is the next one after it, whatever a loop did before.
  const backwards = visits.toSorted((a, b) => placeOf(b) - placeOf(a))
  const around = new Map<string, Visit['status']>()
  const blamed: Visit[] = []
  for (const { visit, item } of backwards) {
    const key = (path: string): string => JSON.stringify([item, path])
    const innermost = !within.has(visit.path)
    if (innermost && visit.status !== 'completed' && visit.status !== 'skipped') {
      const madeUpFor = pathsAbove(visit.path).some((path) => around.get(key(path)) === 'completed')
      if (!madeUpFor) blamed.push(visit)
    }
    // A token ends a join whatever came of it, and its path may be that of the node whose branches meet there.
    if (visit.node !== 'join') around.set(key(visit.path), visit.status)
  }
  return blamed.toReversed()
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
