import type { SerializedError, Status, Usage } from '../base/result.ts'

/**
 * The records a run leaves behind, in the order they happen. Offsets (`atMs`, `startedAtMs`) are milliseconds of
 * the world's monotonic clock since the run started; `…WallMs` is milliseconds since the Unix epoch.
 *
 * One run has one root token; forks and joins create more. Names of nodes and events are the engine's: the trail
 * keeps them and gives them no meaning.
 *
 * A `visit` is how many times this token has come to this path, from 1; only a loop makes it more.
 *
 * @example
 * const describe = (record: AuditRecord): string =>
 *   record.kind === 'attempt' ? `${record.path} #${record.attempt}: ${record.status}` : record.kind
 */
export type AuditRecord =
  | RunStartedRecord
  | TokenRecord
  | AttemptStartRecord
  | AttemptRecord
  | StepRecord
  | EventRecord
  | JoinRecord
  | OutcomeRecord
  | RunFinishedRecord

export interface RunStartedRecord {
  readonly kind: 'run-started'
  readonly runId: string
  readonly pipeline: string
  readonly startedWallMs: number
  readonly input: unknown
}

export interface TokenRecord {
  readonly kind: 'token'
  readonly runId: string
  readonly tokenId: string
  /** The token this one was forked from, or the tokens it was merged from; empty for a root. */
  readonly parentIds: readonly string[]
  /** The branch it was forked into; `null` for any other token. */
  readonly branch: string | null
  /** Which of many items it carries; `null` in a run over one input. */
  readonly item: string | null
  readonly atMs: number
}

/**
 * A step's function is about to be called. Written by durable runs alone: an attempt that has a start and no end
 * was interrupted.
 */
export interface AttemptStartRecord {
  readonly kind: 'attempt-start'
  readonly runId: string
  readonly tokenId: string
  readonly path: string
  readonly visit: number
  readonly step: string
  /** From 1. */
  readonly attempt: number
  readonly atMs: number
}

/** One invocation of a step's function, written when it settles (or is given up). */
export interface AttemptRecord {
  readonly kind: 'attempt'
  readonly runId: string
  readonly tokenId: string
  readonly path: string
  readonly visit: number
  readonly step: string
  /** From 1. */
  readonly attempt: number
  readonly status: 'completed' | 'failed' | 'cancelled' | 'interrupted'
  readonly startedAtMs: number
  readonly latencyMs: number
  /** How long the engine waited before this attempt; 0 before the first. */
  readonly delayMs: number
  readonly usage: Usage
  readonly input: unknown
  /** What its function gave, also where that was refused; `undefined` where it gave nothing. */
  readonly output: unknown
  readonly error: SerializedError | null
}

/** A node came to its end: one per node that ran, composites after their parts. */
export interface StepRecord {
  readonly kind: 'step'
  readonly runId: string
  readonly tokenId: string
  readonly path: string
  readonly visit: number
  readonly step: string
  /** The kind of node, e.g. `step`: a name that the trail stores and does not interpret. */
  readonly node: string
  readonly status: Status
  readonly attempts: number
  readonly latencyMs: number
  readonly atMs: number
  readonly usage: Usage
  readonly feedback: string | null
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Something worth knowing that changes nothing: a late settlement, a fallback starting. */
export interface EventRecord {
  readonly kind: 'event'
  readonly runId: string
  readonly tokenId: string
  readonly path: string
  readonly visit: number
  /** What happened, e.g. `late`: a name that the trail stores and does not interpret. */
  readonly event: string
  readonly atMs: number
  readonly detail: Readonly<Record<string, unknown>>
}

/** A join was resolved: branches came together, or it is certain that they will not. One per join and item. */
export interface JoinRecord {
  readonly kind: 'join'
  readonly runId: string
  /** Names this meeting in the outcomes of the tokens that came to it; unique in the run. */
  readonly joinGroup: string
  readonly path: string
  readonly visit: number
  readonly item: string | null
  /** What it waited for, such as `all` or `quorum(2)`. */
  readonly policy: string
  readonly status: 'merged' | 'failed'
  /** The token that goes on from here; `null` when none does. */
  readonly tokenId: string | null
  /** In the order of arrival. */
  readonly arrived: readonly Arrival[]
  /** Branches that had neither arrived nor been lost. */
  readonly missing: readonly string[]
  /** What the tokens of missing branches come to, such as `quarantined`; `null` when it does not matter. */
  readonly missingOutcome: Outcome | null
  readonly lost: readonly Loss[]
  /** From the first arrival, or from the start of the join when nothing arrived. */
  readonly waitedMs: number
  /** The join's time limit, if that is what resolved it; otherwise `null`. */
  readonly timeoutMs: number | null
  readonly atMs: number
  /** Why it failed; `null` when it merged. */
  readonly reason: string | null
  /** What was spent on the tokens that arrived, on their way to the join. */
  readonly usage: Usage
  /** Of a union: the fields that several branches gave, each with what every one of them gave. */
  readonly collisions: Readonly<Record<string, unknown>>
  /** What the tokens that arrived held, by branch. */
  readonly input: unknown
  /** What they were merged to. */
  readonly output: unknown
}

/** A token that came to a join. */
export interface Arrival {
  readonly branch: string
  readonly tokenId: string
  readonly atMs: number
}

/** A branch that can no longer come to a join. */
export interface Loss {
  readonly branch: string
  readonly reason: string
}

export type Outcome = 'completed' | 'forked' | 'coalesced' | 'failed' | 'quarantined' | 'cancelled'

/** The one terminal fate of a token. The store refuses a second. */
export interface OutcomeRecord {
  readonly kind: 'outcome'
  readonly runId: string
  readonly tokenId: string
  readonly outcome: Outcome
  readonly reason: string | null
  /** The first 16 hex digits of SHA-256 of `reason`; `null` without a reason. */
  readonly errorHash: string | null
  /** The join that settled it; `null` when no join did. */
  readonly joinGroup: string | null
  readonly atMs: number
}

export interface RunFinishedRecord {
  readonly kind: 'run-finished'
  readonly runId: string
  readonly status: Status
  readonly finishedWallMs: number
  readonly latencyMs: number
  readonly attempts: number
  readonly usage: Usage
  readonly output: unknown
  readonly feedback: string | null
  readonly error: SerializedError | null
}
