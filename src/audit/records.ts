import type { SerializedError, Status, Usage } from '../base/result.ts'

/**
 * The records a run leaves behind, in the order they happen. Offsets (`atMs`, `startedAtMs`) are milliseconds of
 * the world's monotonic clock since the run started; `wallMs` is milliseconds since the Unix epoch.
 *
 * One run has one root token, `t1`; forks and joins create more.
 */
export type AuditRecord =
  | RunStartedRecord
  | TokenRecord
  | AttemptRecord
  | StepRecord
  | EventRecord
  | OutcomeRecord
  | RunFinishedRecord

export interface RunStartedRecord {
  readonly kind: 'run-started'
  readonly runId: string
  readonly pipeline: string
  readonly wallMs: number
  readonly input: unknown
}

export interface TokenRecord {
  readonly kind: 'token'
  readonly runId: string
  readonly tokenId: string
  /** The token this one was forked from; `null` for the root. */
  readonly parentId: string | null
  readonly atMs: number
}

/** One invocation of a step's function, written when it settles (or is given up). */
export interface AttemptRecord {
  readonly kind: 'attempt'
  readonly runId: string
  readonly tokenId: string
  readonly path: string
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
  readonly output: unknown
  readonly error: SerializedError | null
}

/** A node came to its end: one per node that ran, composites after their parts. */
export interface StepRecord {
  readonly kind: 'step'
  readonly runId: string
  readonly tokenId: string
  readonly path: string
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
  readonly path: string
  /** What happened, e.g. `late`: a name that the trail stores and does not interpret. */
  readonly event: string
  readonly atMs: number
  readonly detail: Readonly<Record<string, unknown>>
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
  readonly atMs: number
}

export interface RunFinishedRecord {
  readonly kind: 'run-finished'
  readonly runId: string
  readonly status: Status
  readonly wallMs: number
  readonly latencyMs: number
  readonly attempts: number
  readonly usage: Usage
  readonly output: unknown
  readonly feedback: string | null
  readonly error: SerializedError | null
}
