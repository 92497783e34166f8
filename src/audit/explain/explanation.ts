import type { SerializedError, Status, Usage } from '../../base/result.ts'
import type { Outcome, StepRecord } from '../records.ts'
import type { RunRow, StoredPayload } from '../store.ts'

/** One run's story: what `shakedown explain` tells, as data. */
export interface Explanation {
  readonly run: RunRow
  readonly input: StoredPayload | null
  readonly output: StoredPayload | null
  readonly error: StoredPayload | null
  /** In the order they were created; the first is the run's root. */
  readonly tokens: readonly TokenStory[]
  /** Events of places that no token, or more than one, passed: nobody knows whose they are. */
  readonly unplaced: readonly EventStory[]
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
  readonly parentId: string | null
  readonly createdAtMs: number
  /** Where it was, in the order it first got there; composites stand where their end was recorded. */
  readonly visits: readonly Visit[]
  readonly fate: Fate
}

/** What became of a token, and why it never reached the end. */
export type Fate =
  | { readonly kind: 'reached-end'; readonly atMs: number }
  | { readonly kind: 'forked'; readonly atMs: number; readonly into: readonly string[] }
  | { readonly kind: 'coalesced'; readonly atMs: number; readonly reason: string | null }
  | {
      readonly kind: 'stopped'
      readonly outcome: Extract<Outcome, 'failed' | 'quarantined' | 'cancelled'>
      readonly atMs: number
      readonly reason: string | null
      readonly errorHash: string | null
      /** The steps that did not complete and that nothing made up for, in order. */
      readonly because: readonly Visit[]
    }
  | {
      /** No outcome: the run is still going, was killed, or waits for somebody. */
      readonly kind: 'open'
      /** The last place it was recorded at; `null` when it was at none. */
      readonly last: Visit | null
    }

/** A token at one node. */
export interface Visit {
  readonly path: string
  readonly step: string
  readonly node: StepRecord['node']
  /** `open` while the node's end is not recorded: it was running, or between two attempts. */
  readonly status: Status | 'open'
  readonly attempts: readonly AttemptStory[]
  /** Milliseconds between its attempts. */
  readonly waitedMs: number
  /** Milliseconds it took, waits included; `null` while open. */
  readonly latencyMs: number | null
  /** When it ended; `null` while open. */
  readonly endedAtMs: number | null
  readonly usage: Usage
  readonly feedback: string | null
  readonly metadata: Readonly<Record<string, unknown>>
  /** What happened here and belongs to no single attempt, such as a fallback starting. */
  readonly events: readonly EventStory[]
}

export interface AttemptStory {
  /** From 1. */
  readonly attempt: number
  readonly status: 'completed' | 'failed' | 'cancelled' | 'interrupted'
  readonly startedAtMs: number
  /** How long it was put off after the attempt before it. */
  readonly waitedMs: number
  readonly latencyMs: number
  readonly usage: Usage
  readonly got: StoredPayload | null
  readonly gave: StoredPayload | null
  /** As it was serialised; `null` without an error, or when its text was cut: then `errorText` has its head. */
  readonly error: SerializedError | null
  readonly errorText: StoredPayload | null
  /** What its function did after nobody waited for it any more. */
  readonly late: readonly EventStory[]
}

export interface EventStory {
  readonly path: string
  readonly event: string
  readonly atMs: number
  readonly detail: Readonly<Record<string, unknown>>
  /** It came after the run's end. */
  readonly afterEnd: boolean
}
