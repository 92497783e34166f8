import type Database from 'better-sqlite3'
import { ATTEMPTS_PER_BLOCK } from '../file/schema.ts'
import type { RunCursor } from './group.ts'
import { RowWriter } from './row-writer.ts'

/**
 * Gives attempts their ids: one after the other, from blocks that are this store's alone once a row of them is
 * committed. Notes which blocks hold attempts of a run, once for each of the two.
 *
 * A run's attempts are in order: those in a higher block come later. So a block that was left is never gone back to.
 */
export class AttemptBlocks {
  readonly #highest: Database.Statement<[], number | null>
  /** The notes, gathered like the attempts they belong to. */
  readonly notes: RowWriter
  /** Whose blocks were noted in this transaction. */
  #noted: RunCursor[] = []
  #block = 0
  /** Of its ids; all of them to begin with, so that the first attempt opens one. */
  #taken = ATTEMPTS_PER_BLOCK

  constructor(db: Database.Database) {
    this.#highest = db.prepare<[], number | null>('SELECT max(id) FROM attempts').pluck()
    this.notes = new RowWriter(db, 'attempt_blocks', ['run', 'nth', 'block'])
  }

  /** An attempt of this run needs its row and nothing else. */
  isOpenFor({ block }: RunCursor): boolean {
    return block === this.#block && this.#taken < ATTEMPTS_PER_BLOCK
  }

  /** The id of the run's next attempt. Unless the block is open for the run, only in a transaction that holds the lock. */
  take(cursor: RunCursor): number {
    // Another store has gone on with a run beyond this store's block.
    if (this.#taken === ATTEMPTS_PER_BLOCK || cursor.block > this.#block) this.#open()
    if (cursor.block !== this.#block) {
      this.notes.gathered.push(cursor.row, cursor.blocks + 1, this.#block)
      cursor.block = this.#block
      cursor.blocks++
      this.#noted.push(cursor)
    }
    return this.#block * ATTEMPTS_PER_BLOCK + this.#taken++
  }

  /** A transaction begins. */
  begin(): void {
    if (this.#noted.length > 0) this.#noted = []
  }

  /** The transaction is taken back. Its block may not be in the file, or not be noted: so it is left. */
  rollback(): void {
    this.#taken = ATTEMPTS_PER_BLOCK
    for (const cursor of this.#noted) cursor.blocks--
    this.#noted = []
  }

  /** After all that are in the file, and after those of this store that are not: runs may have them noted. */
  #open(): void {
    const highest = Math.floor((this.#highest.get() ?? 0) / ATTEMPTS_PER_BLOCK)
    this.#block = Math.max(highest, this.#block) + 1
    this.#taken = 0
  }
}
