import type { SerializedError, Status, Usage } from '../../base/result.ts'
import type { Outcome } from '../records.ts'
import type { RunRow, RunTrail, StoredPayload } from '../store.ts'
import type { WaitingApproval } from '../waiting-approvals.ts'

/**
 * One run's story: what `shakedown explain` tells, as data.
 *
 * @example
 * const culprits = ({ because }: Explanation): string[] => because.map((visit) => visit.path)
 */
export interface Explanation {
  readonly run: RunRow
  readonly input: StoredPayload | null
  readonly output: StoredPayload | null
  readonly error: StoredPayload | null
  /** In the order they were created; the first is the run's root. */
  readonly tokens: readonly TokenStory[]
  /** Where tokens met, or failed to, in the order in which that was decided. */
  readonly joins: readonly JoinStory[]
  /** What did not complete and nothing made up for, of all tokens, in the order it ended. */
  readonly because: readonly Visit[]
  /** What a paused run waits for; empty for any other. */
  readonly waiting: readonly WaitingApproval[]
  /** When the last thing was recorded, in milliseconds since the start; 0 when nothing was. */
  readonly lastAtMs: number
  /** What the recorded attempts add up to; also known of a run that never ended. */
  readonly spent: {
    readonly attempts: number
    /** Milliseconds inside step functions. */
    readonly workedMs: number
    /** Milliseconds between attempts. */
    readonly waitedMs: number
    readonly usage: Usage
  }
}

/** One piece of data on its way through the pipeline. */
export interface TokenStory {
  readonly tokenId: string
  /** The token it was forked from, or the tokens it was merged from; empty for a root. */
  readonly parentIds: readonly string[]
  readonly branch: string | null
  /** Which of many items it carries. */
  readonly item: string | null
  /** `null` when its creation was never recorded. */
  readonly createdAtMs: number | null
  /** Where it was, in the order it first left a record there. */
  readonly visits: readonly Visit[]
  readonly fate: Fate
}

/** What became of a token, and why it never reached the end. */
export type Fate =
  | { readonly kind: 'reached-end'; readonly atMs: number }
  | { readonly kind: 'forked'; readonly atMs: number; readonly into: readonly string[] }
  | {
      readonly kind: 'coalesced'
      readonly atMs: number
      readonly joinGroup: string | null
      /** The token it went into; `null` when that was never recorded. */
      readonly into: string | null
      readonly reason: string | null
    }
  | {
      readonly kind: 'stopped'
      readonly outcome: Extract<Outcome, 'failed' | 'quarantined' | 'cancelled'>
      readonly atMs: number
      readonly reason: string | null
      readonly errorHash: string | null
      /** The join that stopped it; `null` when no join did. */
      readonly joinGroup: string | null
      /** What of its own did not complete and nothing of its own made up for, in the order it ended. */
      readonly because: readonly Visit[]
    }
  | {
      /** No outcome: the run is still going, was killed, or waits to be resumed. */
      readonly kind: 'open'
      /** The last place it was recorded at; `null` when it was at none. */
      readonly last: Visit | null
    }

/** A token at one node. */
export interface Visit {
  readonly tokenId: string
  readonly path: string
  /** How many times this token has come to this path, from 1; only a loop makes it more. */
  readonly visit: number
  readonly step: string
  /** The kind of node; `null` while nothing has told it. */
  readonly node: string | null
  /** `open` while the node's end is not recorded: it was running, or between two attempts. */
  readonly status: Status | 'open'
  readonly attempts: readonly AttemptStory[]
  /** How many attempts its end counted, those of its parts included; `null` while open. */
  readonly attemptsCounted: number | null
  /** Milliseconds between its attempts. */
  readonly waitedMs: number
  /** Milliseconds it took, waits included; `null` while open. */
  readonly latencyMs: number | null
  /** When it ended; `null` while open. */
  readonly endedAtMs: number | null
  /** The place of its end among the run's records; `null` while open. */
  readonly endedSeq: number | null
  readonly usage: Usage
  readonly feedback: string | null
  readonly metadata: Readonly<Record<string, unknown>>
  /** What happened here and belongs to no single attempt, such as a fallback starting. */
  readonly events: readonly EventStory[]
}

export interface AttemptStory {
  /** Place among the run's records. */
  readonly seq: number
  /** From 1. */
  readonly attempt: number
  /** `open`: it was started, and its end is not recorded. */
  readonly status: 'completed' | 'failed' | 'cancelled' | 'interrupted' | 'open'
  readonly startedAtMs: number
  /** How long it was put off after the attempt before it. */
  readonly waitedMs: number
  /** `null` while open. */
  readonly latencyMs: number | null
  readonly usage: Usage
  readonly input: StoredPayload | null
  readonly output: StoredPayload | null
  /** As it was serialised; `null` without an error, or when its text was cut: then `errorText` has its head. */
  readonly error: SerializedError | null
  readonly errorText: StoredPayload | null
  /** Events whose detail names this attempt, such as its function settling late. */
  readonly events: readonly EventStory[]
}

export interface EventStory {
  /** Place among the run's records. */
  readonly seq: number
  readonly event: string
  readonly atMs: number
  readonly detail: Readonly<Record<string, unknown>>
  /** It came after the run's end. */
  readonly afterEnd: boolean
}

/** A join as it is on record: who arrived with what, who was missing or lost, and what came of it. */
export type JoinStory = RunTrail['joinRows'][number]
