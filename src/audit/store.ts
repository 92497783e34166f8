import type { Status, Usage } from '../base/result.ts'
import type { DurableStore } from './durable-store.ts'
import type { AdapterUse } from './adapter-uses.ts'
import type {
  AttemptRecord,
  AttemptStartRecord,
  AuditRecord,
  EventRecord,
  JoinRecord,
  OutcomeRecord,
  StepRecord,
  TokenRecord,
} from './records.ts'

/**
 * The audit trail. The SQLite store and its in-memory twin are behind this one interface and one shared test
 * suite, so what exploration proves in memory holds on disk.
 *
 * @example
 * const openStore = (file: string | undefined): AuditStore =>
 *   file === undefined ? memoryAudit() : openSqliteAudit(file, { clock: systemWorld().clock })
 */
export interface AuditStore extends AuditReader {
  /**
   * Adds one record to the current group. Never waits and never throws for what a payload holds. Inputs and
   * outputs, metadata and details may change afterwards; what is stored is how they were.
   *
   * @throws AuditError when the store is closed, or a record of the same run was refused or lost
   */
  append(record: AuditRecord): void
  /**
   * Resolves once everything appended so far is committed (group commit: all records of one event-loop turn in
   * one transaction). `undefined` means it already is, so a caller with nothing to wait for need not.
   *
   * Rejects with `AuditError` when a record was refused or could not be written: then nothing that its run
   * appended in that turn is stored, and the run accepts no more, because its trail would have a hole. Runs that
   * did nothing wrong are committed all the same.
   *
   * @param runId waits for this run's records alone, so that another run's refusal is not reported here; without
   *   it, for all runs'
   */
  committed(runId?: string): Promise<void> | undefined
  /**
   * Commits what is left and releases the file. Closing twice is fine.
   * Rejects with the first refusal that no caller was told of by `append` or `committed`; the file is released.
   */
  close(): Promise<void>
  /** What durable runs need beside their trail; a store without it takes all others. */
  readonly durable?: DurableStore | undefined
}

/**
 * The read model: what `shakedown runs` and `shakedown explain` show. Reads never block writes.
 *
 * @example
 * const reader: AuditReader | undefined = createEngine({ audit: './runs.db' }).audit
 * for (const run of reader?.runs({ status: 'failed', limit: 10 }) ?? []) console.log(run.runId, run.feedback)
 */
export interface AuditReader {
  /** Newest first. */
  runs(filter?: RunFilter): readonly RunRow[]
  /** Everything known about one run; `undefined` for an unknown id. */
  trail(runId: string): RunTrail | undefined
  /** True when a join with this group is on record, which means that it was resolved; one look into an index. */
  isJoined(runId: string, joinGroup: string): boolean
  /** Tokens created against terminal outcomes: equal after every finished run. */
  conservation(): Conservation
  /**
   * The latest tasks of each adapter that routes have used, at most so many of each, in the order in which they ended. A store
   * that cannot say has no such method: then the statistics of adapters begin with nothing.
   */
  adapterUses?(tasksMax: number): ReadonlyMap<string, readonly AdapterUse[]>
}

export interface RunFilter {
  readonly status?: Status | 'running' | undefined
  readonly pipeline?: string | undefined
  /** Only runs whose id begins with this. */
  readonly runIdPrefix?: string | undefined
  /** Only runs started at or after this, in milliseconds since the Unix epoch. */
  readonly sinceWallMs?: number | undefined
  /** At most this many rows; default 50, at most 10 000. */
  readonly limit?: number | undefined
}

export interface RunRow {
  readonly runId: string
  readonly pipeline: string
  /** `running` until the run's end is recorded; also what a killed run says. */
  readonly status: Status | 'running'
  readonly startedWallMs: number
  readonly finishedWallMs: number | null
  readonly latencyMs: number | null
  readonly attempts: number | null
  readonly usage: Usage | null
  readonly feedback: string | null
}

/** A payload as stored: JSON text, or a truncated head of it. */
export interface StoredPayload {
  /** The JSON text; cut at the store's limit when `truncated`. */
  readonly json: string
  readonly truncated: boolean
  /** The whole JSON text's length in UTF-16 code units; only when truncated. */
  readonly fullLength?: number
  /** SHA-256 of the whole JSON text in hex; only when truncated. */
  readonly sha256?: string
}

/** A record as a trail shows it: payloads as they are stored, and its place. */
export type RowOf<R> = {
  readonly [F in keyof R as F extends 'kind' | 'runId' ? never : F]: F extends 'input' | 'output' | 'error'
    ? StoredPayload | null
    : R[F]
} & {
  /** Position among all records of the run, from 1. */
  readonly seq: number
}

/**
 * A whole run. Plain data that survives JSON, so it can be sent from one process to another.
 *
 * @example
 * const tries = (trail: RunTrail): string[] =>
 *   trail.attemptRows.map(({ path, attempt, status, latencyMs }) => `${path} #${attempt} ${status} in ${latencyMs} ms`)
 */
export interface RunTrail extends RunRow {
  /** Where the run's end is among its records; what follows is late. `null` until then. */
  readonly finishedSeq: number | null
  readonly input: StoredPayload | null
  readonly output: StoredPayload | null
  readonly error: StoredPayload | null
  readonly tokenRows: readonly RowOf<TokenRecord>[]
  readonly startRows: readonly RowOf<AttemptStartRecord>[]
  readonly attemptRows: readonly RowOf<AttemptRecord>[]
  readonly stepRows: readonly RowOf<StepRecord>[]
  readonly eventRows: readonly RowOf<EventRecord>[]
  readonly joinRows: readonly RowOf<JoinRecord>[]
  readonly outcomeRows: readonly RowOf<OutcomeRecord>[]
}

export interface Conservation {
  readonly tokens: number
  readonly outcomes: number
  /** Runs whose tokens and outcomes differ, with what is missing; at most 100. */
  readonly open: readonly {
    readonly runId: string
    readonly tokens: number
    readonly outcomes: number
    readonly finished: boolean
  }[]
  /** Finished runs all conserve their tokens. Runs still going (or killed) are listed but do not count against it. */
  readonly ok: boolean
}
