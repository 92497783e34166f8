import type { AuditError } from '../../../base/errors.ts'
import type { Entry } from '../../entry.ts'

/** Where a run's next record goes. Kept while the run is going on in this store. */
export interface RunCursor {
  readonly runId: string
  /**
   * The run started in this store, so no other store writes it. Otherwise (a run resumed here, a late settlement of
   * one that has ended) its place is looked up in the file again by every commit, under the write lock.
   */
  readonly own: boolean
  /** The run's row; 0 until it is known. */
  row: number
  /** The last block that holds attempts of it, and how many do; 0 for none. */
  block: number
  blocks: number
  /** What to add to a record's number to get its `seq`; 0 for own runs. */
  base: number
  /** The last group that holds records of it; `null` when all are committed. */
  group: Group | null
  /** Records appended here, and how many of them are committed. */
  appended: number
  committed: number
  /** Its end is committed. */
  finished: boolean
  /** Set once a record was refused or lost: the run's trail has a hole and accepts no more. */
  refused: AuditError | undefined
  /** A caller was told. */
  reported: boolean
  /** Set for a durable run that this store is at work on. */
  lease: Lease | undefined
}

/** This store's right to a durable run. */
export interface Lease {
  /** The run's checkpoints stay when it ends. */
  readonly keep: boolean
  /** Committed checkpoints, and those on their way. */
  saved: number
}

/** A checkpoint waiting for its commit. */
export interface PendingCheckpoint {
  readonly cursor: RunCursor
  readonly key: string
  readonly data: Uint8Array
}

/** What a group holds of durable runs. */
export interface DurablePart {
  /** Those that have something in the group. */
  readonly cursors: Set<RunCursor>
  readonly checkpoints: PendingCheckpoint[]
}

/** An entry waiting for its commit. One object, because there are as many as runs at once. */
export interface Pending extends Entry {
  readonly cursor: RunCursor
  /** Position among the records this store appended for the run, from 1. */
  readonly number: number
}

/** Records that are committed together, and who waits for that. */
export class Group {
  /** Its turn is not over, so it still takes records. */
  gathering = true
  readonly pending: Pending[] = []
  /** `undefined` in a group without durable runs. */
  durable: DurablePart | undefined = undefined
  /** Made when it is first asked for. One for all runs that wait: each has to keep little. */
  #settled: PromiseWithResolvers<void> | undefined

  /** Resolves after the commit; rejects when a record was refused or lost: the run's own, or another's. */
  committed(cursor: RunCursor | undefined): Promise<void> {
    return this.settled().then(() => tell(cursor ?? this.#refused()))
  }

  /** Resolves after the commit, however it went. */
  settled(): Promise<void> {
    this.#settled ??= Promise.withResolvers()
    return this.#settled.promise
  }

  settle(): void {
    this.#settled?.resolve()
  }

  /** Notes that a durable run has something in here. */
  durableOf(cursor: RunCursor): DurablePart {
    this.durable ??= { cursors: new Set(), checkpoints: [] }
    this.durable.cursors.add(cursor)
    return this.durable
  }

  #refused(): RunCursor | undefined {
    return this.pending.find(({ cursor }) => cursor.refused !== undefined)?.cursor
  }
}

/** Tells a caller what has become of a run's records: nothing, or an error. */
function tell(cursor: RunCursor | undefined): void {
  if (cursor?.refused === undefined) return
  cursor.reported = true
  throw cursor.refused
}
