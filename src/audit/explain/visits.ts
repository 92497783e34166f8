import type { SerializedError } from '../../base/result.ts'
import type { PlacedEvent } from './events.ts'
import type { AttemptStory, EventStory, Visit } from './explanation.ts'
import type { RunTrail, StoredPayload } from '../store.ts'

type AttemptRow = RunTrail['attemptRows'][number]
type StepRow = RunTrail['stepRows'][number]

type Happening =
  | { readonly kind: 'attempt'; readonly seq: number; readonly row: AttemptRow }
  | { readonly kind: 'end'; readonly seq: number; readonly row: StepRow }
  | { readonly kind: 'event'; readonly seq: number; readonly story: EventStory }

/** A visit while its records are gathered. */
interface Draft {
  readonly path: string
  readonly attempts: AttemptRow[]
  readonly events: EventStory[]
  end: StepRow | null
}

/** A token's way: its records in order, gathered by the node they belong to. */
export function explainVisits(
  trail: RunTrail,
  tokenId: string,
  events: readonly PlacedEvent[],
): readonly Visit[] {
  const drafts: Draft[] = []
  const latest = new Map<string, Draft>()
  const start = (path: string): Draft => {
    const draft: Draft = { path, attempts: [], events: [], end: null }
    drafts.push(draft)
    latest.set(path, draft)
    return draft
  }
  for (const happening of inOrder(trail, tokenId, events)) {
    const { path } = happening.kind === 'event' ? happening.story : happening.row
    const known = latest.get(path)
    // A node that has ended and is entered again, in a loop, is another visit.
    const open = known?.end === null ? known : undefined
    switch (happening.kind) {
      case 'attempt':
        ;(open ?? start(path)).attempts.push(happening.row)
        break
      case 'end':
        ;(open ?? start(path)).end = happening.row
        break
      case 'event':
        ;(known ?? start(path)).events.push(happening.story)
    }
  }
  return drafts.map(visitOf)
}

function inOrder(trail: RunTrail, tokenId: string, events: readonly PlacedEvent[]): readonly Happening[] {
  const happenings: Happening[] = []
  for (const row of trail.attemptRows)
    if (row.tokenId === tokenId) happenings.push({ kind: 'attempt', seq: row.seq, row })
  for (const row of trail.stepRows)
    if (row.tokenId === tokenId) happenings.push({ kind: 'end', seq: row.seq, row })
  for (const { seq, story } of events) happenings.push({ kind: 'event', seq, story })
  return happenings.toSorted((a, b) => a.seq - b.seq)
}

function visitOf({ path, attempts, events, end }: Draft): Visit {
  return {
    path,
    step: end?.step ?? attempts[0]?.step ?? path.slice(path.lastIndexOf('/') + 1),
    // Only composites have events before they have attempts of their own.
    node: end?.node ?? (attempts.length > 0 ? 'step' : 'fallback'),
    status: end?.status ?? 'open',
    attempts: attempts.map((row) => attemptOf(row, events)),
    waitedMs: attempts.reduce((sum, { delayMs }) => sum + delayMs, 0),
    latencyMs: end?.latencyMs ?? null,
    endedAtMs: end?.atMs ?? null,
    usage: end?.usage ?? usageOf(attempts),
    feedback: end?.feedback ?? null,
    metadata: end?.metadata ?? {},
    events: events.filter((event) => !attempts.some((row) => isLateOf(event, row))),
  }
}

function attemptOf(row: AttemptRow, events: readonly EventStory[]): AttemptStory {
  return {
    attempt: row.attempt,
    status: row.status,
    startedAtMs: row.startedAtMs,
    waitedMs: row.delayMs,
    latencyMs: row.latencyMs,
    usage: row.usage,
    got: row.input,
    gave: row.output,
    error: errorOf(row.error),
    errorText: row.error,
    late: events.filter((event) => isLateOf(event, row)),
  }
}

function isLateOf({ event, detail }: EventStory, { attempt }: AttemptRow): boolean {
  return event === 'late' && detail['attempt'] === attempt
}

function usageOf(attempts: readonly AttemptRow[]): Visit['usage'] {
  return {
    costUsd: attempts.reduce((sum, { usage }) => sum + usage.costUsd, 0),
    tokens: attempts.reduce((sum, { usage }) => sum + usage.tokens, 0),
  }
}

function errorOf(payload: StoredPayload | null): SerializedError | null {
  if (payload === null || payload.truncated) return null
  const error: unknown = JSON.parse(payload.json)
  // A whole error could have been redacted to a text.
  return typeof error === 'object' && error !== null ? (error as SerializedError) : null
}
