import type { AuditError } from '../../../base/errors.ts'
import type { Entry } from '../../entry.ts'

/** Where a run's next record goes. Kept while the run is going on in this store. */
export interface RunCursor {
  readonly runId: string
  /**
   * The run started in this store, so nobody else writes it. Otherwise (a run resumed here, a late settlement of
   * one that has ended) its place is looked up in the file again by every commit, under the write lock.
   */
  readonly own: boolean
  /** The run's row; 0 until it is known. */
  row: number
  /** What to add to a record's number to get its `seq`; 0 for own runs. */
  base: number
  /** Records appended here, and how many of them are committed. */
  appended: number
  committed: number
  /** Its end is committed. */
  finished: boolean
  /** Set once a record was refused or lost: the run's trail has a hole and accepts no more. */
  refused: AuditError | undefined
  /** Somebody was told. */
  reported: boolean
}

/** An entry waiting for its commit. */
export interface Pending {
  readonly entry: Entry
  readonly cursor: RunCursor
  /** Position among the records this store appended for the run, from 1. */
  readonly number: number
}
