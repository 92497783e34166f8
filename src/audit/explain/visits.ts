import type { SerializedError } from '../../base/result.ts'
import type { RunTrail, StoredPayload } from '../store.ts'
import type { AttemptStory, EventStory, Visit } from './explanation.ts'

type StartRow = RunTrail['startRows'][number]
type AttemptRow = RunTrail['attemptRows'][number]
type StepRow = RunTrail['stepRows'][number]
type EventRow = RunTrail['eventRows'][number]

/** What every record of a visit says: whose it is and where. */
type Placed = Pick<StepRow, 'seq' | 'tokenId' | 'path' | 'visit'>

/** A visit while its records are gathered. */
interface Draft extends Placed {
  readonly starts: StartRow[]
  readonly attempts: AttemptRow[]
  readonly events: EventRow[]
  end: StepRow | null
}

const NOTHING = { costUsd: 0, tokens: 0 }

/** Every token's way: its visits, in the order they first left a record. */
export function visitsByToken(trail: RunTrail): ReadonlyMap<string, readonly Visit[]> {
  const drafts = new Map<string, Draft>()
  const at = (row: Placed): Draft => {
    const { seq, tokenId, path, visit } = row
    const key = JSON.stringify([tokenId, path, visit])
    let draft = drafts.get(key)
    if (draft === undefined) {
      draft = { seq, tokenId, path, visit, starts: [], attempts: [], events: [], end: null }
      drafts.set(key, draft)
    } else if (seq < draft.seq) {
      draft = Object.assign(draft, { seq })
    }
    return draft
  }
  for (const row of trail.startRows) at(row).starts.push(row)
  for (const row of trail.attemptRows) at(row).attempts.push(row)
  for (const row of trail.eventRows) at(row).events.push(row)
  for (const row of trail.stepRows) at(row).end = row
  const ways = new Map<string, Visit[]>()
  for (const draft of [...drafts.values()].toSorted((a, b) => a.seq - b.seq)) {
    const visit = visitOf(draft, trail.finishedSeq ?? Infinity)
    const way = ways.get(draft.tokenId)
    if (way === undefined) ways.set(draft.tokenId, [visit])
    else way.push(visit)
  }
  return ways
}

function visitOf({ tokenId, path, visit, starts, attempts, events, end }: Draft, finishedSeq: number): Visit {
  const told = events.map((row) => eventOf(row, finishedSeq))
  const ofAttempt = (attempt: number): EventStory[] =>
    told.filter(({ detail }) => detail['attempt'] === attempt)
  const ended = attempts.map((row) => attemptOf(row, ofAttempt(row.attempt)))
  // One that began and has no end while its step has one was not made after all: the run was ended in between.
  const open =
    end === null ? starts.filter(({ attempt }) => !attempts.some((row) => row.attempt === attempt)) : []
  const stories = [...ended, ...open.map((row) => startedOnly(row, ofAttempt(row.attempt)))]
  const first = attempts[0] ?? starts[0]
  return {
    tokenId,
    path,
    visit,
    step: end?.step ?? first?.step ?? path.slice(path.lastIndexOf('/') + 1),
    // Only steps have attempts of their own.
    node: end?.node ?? (first === undefined ? null : 'step'),
    status: end?.status ?? 'open',
    attempts: stories,
    attemptsCounted: end?.attempts ?? null,
    waitedMs: attempts.reduce((sum, { delayMs }) => sum + delayMs, 0),
    latencyMs: end?.latencyMs ?? null,
    endedAtMs: end?.atMs ?? null,
    endedSeq: end?.seq ?? null,
    usage: end?.usage ?? usageOf(attempts),
    feedback: end?.feedback ?? null,
    metadata: end?.metadata ?? {},
    events: told.filter(({ detail }) => !stories.some(({ attempt }) => attempt === detail['attempt'])),
  }
}

function attemptOf(row: AttemptRow, events: readonly EventStory[]): AttemptStory {
  const { seq, attempt, status, startedAtMs, delayMs, latencyMs, usage, input, output, error } = row
  return {
    seq,
    attempt,
    status,
    startedAtMs,
    waitedMs: delayMs,
    latencyMs,
    usage,
    input,
    output,
    error: errorOf(error),
    errorText: error,
    events,
  }
}

/** An attempt that was going on when the process died, or still is. */
function startedOnly({ seq, attempt, atMs }: StartRow, events: readonly EventStory[]): AttemptStory {
  return {
    seq,
    attempt,
    status: 'open',
    startedAtMs: atMs,
    waitedMs: 0,
    latencyMs: null,
    usage: NOTHING,
    input: null,
    output: null,
    error: null,
    errorText: null,
    events,
  }
}

function eventOf({ seq, event, atMs, detail }: EventRow, finishedSeq: number): EventStory {
  return { seq, event, atMs, detail, afterEnd: seq > finishedSeq }
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
