import type { AuditRecord } from '../../audit/records.ts'
import type { RunTrail } from '../../audit/store.ts'
import { addUsage, NO_USAGE, type StepResult, type Usage } from '../../base/result.ts'

/** A node at a place in the run: whose visit to it. */
export interface Place {
  readonly tokenId: string
  readonly path: string
  /** From 1. */
  readonly visit: number
}

/** What a leaf did before the run was carried on. */
export interface Before {
  /** What it came to, if it came to its end. */
  readonly result?: StepResult
  /** The number of its last attempt; 0 when it made none. */
  readonly attempts: number
  /** Those that a crash or a pause ended: they do not count against its retries. */
  readonly interrupted: number
  readonly usage: Usage
  readonly latencyMs: number
}

/** Of a step that starts now. */
export const NOTHING_BEFORE: Before = Object.freeze({
  attempts: 0,
  interrupted: 0,
  usage: NO_USAGE,
  latencyMs: 0,
})

type StartRow = RunTrail['startRows'][number]

/** What the trail of a run says that is carried on: which tokens there are, and what is not to be recorded again. */
export class Past {
  readonly trail: RunTrail
  readonly #forked = new Map<string, string>()
  readonly #joined = new Map<string, string>()
  /** Everything that is on record once, by what makes it unique. */
  readonly #once = new Set<string>()
  /** How often an event is on record, and how often it has happened again. */
  readonly #events = new Map<string, number>()
  readonly #before = new Map<string, Before>()
  readonly #open: readonly StartRow[]

  constructor(trail: RunTrail) {
    this.trail = trail
    for (const { tokenId, parentIds, branch, item } of trail.tokenRows) {
      this.#once.add(keyOf('token', tokenId))
      const [parentId = ''] = parentIds
      if (branch === null && item === null) this.#joined.set(joinKey(parentIds), tokenId)
      else this.#forked.set(forkKey(parentId, branch, item), tokenId)
    }
    for (const { tokenId } of trail.outcomeRows) this.#once.add(keyOf('outcome', tokenId))
    for (const { joinGroup } of trail.joinRows) this.#once.add(keyOf('join', joinGroup))
    for (const row of trail.stepRows) this.#once.add(keyOf('step', row.node, ...placeOf(row)))
    for (const row of trail.eventRows) {
      const key = keyOf(row.event, ...placeOf(row))
      this.#events.set(key, (this.#events.get(key) ?? 0) + 1)
    }
    const ended = new Set<string>()
    for (const row of trail.attemptRows) {
      ended.add(keyOf(row.attempt, ...placeOf(row)))
      this.#add(row, row.attempt, row.status === 'interrupted', row.usage, row.latencyMs + row.delayMs)
    }
    this.#open = trail.startRows.filter((row) => !ended.has(keyOf(row.attempt, ...placeOf(row))))
    for (const row of this.#open) this.#add(row, row.attempt, true, NO_USAGE, 0)
  }

  /** Attempts that began and never ended: the process died. */
  get interrupted(): readonly StartRow[] {
    return this.#open
  }

  /** What a step did before. */
  before(place: Place): Before {
    return this.#before.get(keyOf(...placeOf(place))) ?? NOTHING_BEFORE
  }

  forked(parentId: string, branch: string | null, item: string | null): string | undefined {
    return this.#forked.get(forkKey(parentId, branch, item))
  }

  joined(parentIds: readonly string[]): string | undefined {
    return this.#joined.get(joinKey(parentIds))
  }

  /** The token the run began with. */
  get rootTokenId(): string | undefined {
    return this.trail.tokenRows.find(({ parentIds }) => parentIds.length === 0)?.tokenId
  }

  /** What its attempts have spent. */
  get usage(): Usage {
    return this.trail.attemptRows.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE)
  }

  /** How long ago the run started; at least as long as its trail says. */
  elapsedMs(nowWallMs: number): number {
    const { trail } = this
    let lastMs = 0
    for (const { startedAtMs, latencyMs } of trail.attemptRows)
      lastMs = Math.max(lastMs, startedAtMs + latencyMs)
    for (const rows of [trail.startRows, trail.stepRows, trail.eventRows, trail.outcomeRows, trail.tokenRows])
      for (const { atMs } of rows) lastMs = Math.max(lastMs, atMs)
    return Math.max(lastMs, nowWallMs - trail.startedWallMs)
  }

  /** The highest number a token's id has. */
  lastToken(): number {
    let last = 0
    for (const { tokenId } of this.trail.tokenRows) {
      const number = Number(tokenId.slice(1))
      if (Number.isInteger(number)) last = Math.max(last, number)
    }
    return last
  }

  /** Whether the record is in the trail already. */
  holds(record: AuditRecord): boolean {
    switch (record.kind) {
      case 'token':
      case 'outcome':
        return this.#once.has(keyOf(record.kind, record.tokenId))
      case 'join':
        return this.#once.has(keyOf('join', record.joinGroup))
      case 'step':
        return this.#once.has(keyOf('step', record.node, ...placeOf(record)))
      case 'event': {
        // What an attempt says that is made now has not been said before.
        const { attempt } = record.detail
        if (typeof attempt === 'number' && attempt > this.before(record).attempts) return false
        return this.#happened(keyOf(record.event, ...placeOf(record)))
      }
      case 'run-started':
      case 'attempt-start':
      case 'attempt':
      case 'run-finished':
        return false
    }
  }

  #happened(key: string): boolean {
    const left = this.#events.get(key) ?? 0
    if (left > 0) this.#events.set(key, left - 1)
    return left > 0
  }

  #add(place: Place, attempt: number, interrupted: boolean, usage: Usage, latencyMs: number): void {
    const before = this.before(place)
    this.#before.set(keyOf(...placeOf(place)), {
      attempts: Math.max(before.attempts, attempt),
      interrupted: before.interrupted + (interrupted ? 1 : 0),
      usage: addUsage(before.usage, usage),
      latencyMs: before.latencyMs + latencyMs,
    })
  }
}

/** Names and paths have no control characters. */
export function keyOf(...parts: readonly (string | number)[]): string {
  return parts.join('\n')
}

function placeOf({ tokenId, path, visit }: Place): [string, number, string] {
  return [tokenId, visit, path]
}

function forkKey(parentId: string, branch: string | null, item: string | null): string {
  return keyOf(parentId, branch ?? '', item ?? '')
}

function joinKey(parentIds: readonly string[]): string {
  return keyOf(...parentIds.toSorted())
}
