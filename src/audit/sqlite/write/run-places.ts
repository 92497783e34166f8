import type Database from 'better-sqlite3'
import { ATTEMPTS_OF_RUNS } from '../file/schema.ts'
import type { Pending, RunCursor } from './group.ts'

export const LAST_BLOCK = 'SELECT nth, block FROM attempt_blocks WHERE run = ? ORDER BY nth DESC LIMIT 1'

/**
 * The highest `seq` among a run's records of every kind. Its last attempt is in its last block, and a step's end in its
 * attempt's row follows that attempt.
 */
export const LAST_SEQ = `SELECT max(seq) FROM (
  SELECT 1 AS seq
  UNION ALL SELECT finished_seq FROM runs WHERE run = @run
  UNION ALL SELECT max(seq) FROM tokens WHERE run = @run
  UNION ALL SELECT max(seq) FROM joins WHERE run = @run
  UNION ALL SELECT max(seq) FROM outcomes WHERE run = @run
  UNION ALL SELECT max(seq) FROM attempt_starts WHERE run = @run
  UNION ALL SELECT max(seq) FROM steps WHERE run = @run
  UNION ALL SELECT max(seq) FROM events WHERE run = @run
  UNION ALL SELECT max(coalesce(step_seq, seq)) FROM ${ATTEMPTS_OF_RUNS}
    WHERE attempt_blocks.run = @run AND block = @block
)`

interface LastBlock {
  readonly nth: number
  readonly block: number
}

const NO_BLOCK: LastBlock = { nth: 0, block: 0 }

/** Finds where runs that did not start in this store go on. */
export class RunPlaces {
  readonly #row: Database.Statement<[string], number>
  readonly #lastBlock: Database.Statement<[number], LastBlock>
  readonly #lastSeq: Database.Statement<[{ run: number; block: number }], number>

  constructor(db: Database.Database) {
    this.#row = db.prepare<[string], number>('SELECT run FROM runs WHERE run_id = ?').pluck()
    this.#lastBlock = db.prepare<[number], LastBlock>(LAST_BLOCK)
    this.#lastSeq = db.prepare<[{ run: number; block: number }], number>(LAST_SEQ).pluck()
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
      if (cursor.row === 0) continue
      const { nth, block } = this.#lastBlock.get(cursor.row) ?? NO_BLOCK
      cursor.block = block
      cursor.blocks = nth
      cursor.base = (this.#lastSeq.get({ run: cursor.row, block }) ?? 0) + 1 - number
    }
  }
}
