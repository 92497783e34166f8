import type { EventStory } from './explanation.ts'
import type { RunTrail } from '../store.ts'

/** An event with its place among the run's records. */
export interface PlacedEvent {
  readonly seq: number
  readonly story: EventStory
}

/** Finds out whose events are: a record of one names a path, and usually one token alone has passed there. */
export function placeEvents(trail: RunTrail): {
  readonly ofToken: ReadonlyMap<string, readonly PlacedEvent[]>
  readonly unplaced: readonly EventStory[]
} {
  const tokensAt = passers(trail)
  const ofToken = new Map<string, PlacedEvent[]>()
  const unplaced: EventStory[] = []
  for (const { seq, ...event } of trail.eventRows) {
    const story = { ...event, afterEnd: trail.finishedSeq !== null && seq > trail.finishedSeq }
    const [tokenId, another] = tokensAt.get(event.path) ?? []
    if (tokenId === undefined || another !== undefined) unplaced.push(story)
    else append(ofToken, tokenId, { seq, story })
  }
  return { ofToken, unplaced }
}

/** The tokens that were at a path or below it. */
function passers({ attemptRows, stepRows }: RunTrail): ReadonlyMap<string, ReadonlySet<string>> {
  const passed = new Map<string, Set<string>>()
  for (const { path, tokenId } of [...attemptRows, ...stepRows]) {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
      const tokens = passed.get(at)
      if (tokens === undefined) passed.set(at, new Set([tokenId]))
      // Whoever passed here passed everything above.
      else if (tokens.has(tokenId)) break
      else tokens.add(tokenId)
    }
  }
  return passed
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}
