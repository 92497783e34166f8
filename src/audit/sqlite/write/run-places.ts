import type Database from 'better-sqlite3'
import type { Pending, RunCursor } from './group.ts'
import { RECORDS_PER_RUN } from '../file/schema.ts'

const KEYS_OF_RUN = `BETWEEN @run * ${RECORDS_PER_RUN} AND @run * ${RECORDS_PER_RUN} + ${RECORDS_PER_RUN - 1}`

/** The highest `seq` among a run's records of every kind. A step's end in its attempt's row follows that attempt. */
const LAST_SEQ = `SELECT max(seq) FROM (
  SELECT 1 AS seq
  UNION ALL SELECT finished_seq FROM runs WHERE run = @run
  UNION ALL SELECT max(seq) FROM tokens WHERE run = @run
  UNION ALL SELECT max(seq) FROM joins WHERE run = @run
  UNION ALL SELECT max(seq) FROM outcomes WHERE run = @run
  UNION ALL SELECT max(id) % ${RECORDS_PER_RUN} FROM attempt_starts WHERE id ${KEYS_OF_RUN}
  UNION ALL SELECT max(id) % ${RECORDS_PER_RUN} FROM steps WHERE id ${KEYS_OF_RUN}
  UNION ALL SELECT max(id) % ${RECORDS_PER_RUN} FROM events WHERE id ${KEYS_OF_RUN}
  UNION ALL SELECT * FROM (
    SELECT coalesce(step_seq, seq) FROM attempts WHERE id ${KEYS_OF_RUN} ORDER BY id DESC LIMIT 1
  )
)`

/** Finds where runs that did not start in this store go on. */
export class RunPlaces {
  readonly #row: Database.Statement<[string], number>
  readonly #lastSeq: Database.Statement<[{ run: number }], number>

  constructor(db: Database.Database) {
    this.#row = db.prepare<[string], number>('SELECT run FROM runs WHERE run_id = ?').pluck()
    this.#lastSeq = db.prepare<[{ run: number }], number>(LAST_SEQ).pluck()
  }

  /**
   * Looks up the runs of a group that are not this store's own; a run the file does not know keeps row 0. Only
   * under the write lock: between two commits another process may have written the run.
   */
  find(group: readonly Pending[]): void {
    const found = new Set<RunCursor>()
    for (const { cursor, number } of group) {
      if (cursor.own || found.has(cursor)) continue
      found.add(cursor)
      cursor.row = this.#row.get(cursor.runId) ?? 0
      if (cursor.row > 0) cursor.base = (this.#lastSeq.get({ run: cursor.row }) ?? 0) + 1 - number
    }
  }
}
