import type Database from 'better-sqlite3'
import type { Cell } from '../../columns/kinds.ts'
import { LISTS, tableOf, TABLES } from '../../columns/tables.ts'
import type { Entry } from '../../entry.ts'
import type { PayloadCodec } from '../../payload.ts'
import * as refusals from '../../refusals.ts'
import { AttemptBlocks } from './attempt-blocks.ts'
import { foldedStepEnd } from './folded-step-end.ts'
import type { Pending, RunCursor } from './group.ts'
import { RowWriter } from './row-writer.ts'

/** The end of a step, kept with its attempt. */
const STEP_COLUMNS = ['step_seq', 'step_latency_ms', 'step_at_ms']

/**
 * How rows are inserted: `gathered`, several with one statement, at the latest at the `flush`; or `each` at once, so that
 * the record that is refused is known.
 */
export type Mode = 'gathered' | 'each'

/** Kinds of record whose rows gather; those of the table of runs are written at once. */
type ListedKind = (typeof LISTS)[keyof typeof LISTS]

/** Writes records into their tables. */
export class Inserts {
  readonly #codec: PayloadCodec
  readonly #blocks: AttemptBlocks
  readonly #start: Database.Statement
  readonly #finish: Database.Statement
  readonly #rows: Readonly<Record<ListedKind, RowWriter>>
  /** In the order they have to be flushed in: an outcome needs its token. */
  readonly #all: readonly RowWriter[]

  constructor(db: Database.Database, codec: PayloadCodec) {
    this.#codec = codec
    this.#blocks = new AttemptBlocks(db)
    const start = ['run_id', 'status', ...TABLES['run-started'].columns]
    this.#start = db.prepare(
      `INSERT INTO runs (${start.join(', ')}) VALUES (${start.map(() => '?').join(', ')})`,
    )
    const finish = ['finished_seq', ...TABLES['run-finished'].columns].map((column) => `${column} = ?`)
    this.#finish = db.prepare(
      `UPDATE runs SET ${finish.join(', ')} WHERE status IN ('running', 'paused') AND run = ?`,
    )
    const rows = Object.values(LISTS).map((kind) => {
      const { name, columns } = TABLES[kind]
      const place = ['run', 'seq', ...columns]
      const all = kind === 'attempt' ? ['id', ...place, ...STEP_COLUMNS] : place
      return [kind, new RowWriter(db, name, all)] as const
    })
    this.#rows = Object.fromEntries(rows) as Record<ListedKind, RowWriter>
    this.#all = [this.#blocks.notes, ...rows.map(([, writer]) => writer)]
  }

  /**
   * Inserts a record, and the next one with it when one row holds both.
   * @returns how many records were inserted
   * @throws what SQLite says, and AuditError for what it cannot know
   */
  insert(pending: Pending, next: Pending | undefined, mode: Mode): 1 | 2 {
    const { record, cursor, number } = pending
    const seq = cursor.base + number
    switch (record.kind) {
      case 'run-started': {
        const { lastInsertRowid } = this.#start.run(...this.#cells([cursor.runId, 'running'], pending))
        cursor.row = Number(lastInsertRowid)
        return 1
      }
      case 'run-finished': {
        const cells = this.#cells([seq], pending)
        if (this.#finish.run(...cells, cursor.row).changes === 0)
          throw refusals.finishedTwice(record.runId, record.status)
        return 1
      }
      case 'attempt': {
        const end = next === undefined ? null : foldedStepEnd(pending, next)
        const rows = this.#rows.attempt
        rows.gathered.push(this.#blocks.take(cursor), cursor.row, seq)
        this.#write(rows.gathered, pending)
        if (end === null) rows.gathered.push(null, null, null)
        else rows.gathered.push(seq + 1, end.latencyMs, end.atMs)
        if (mode === 'each' || rows.isFull) this.flush()
        return end === null ? 1 : 2
      }
      default: {
        const rows = this.#rows[record.kind]
        rows.gathered.push(cursor.row, seq)
        this.#write(rows.gathered, pending)
        if (mode === 'each' || rows.isFull) this.flush()
        return 1
      }
    }
  }

  /** What an attempt of the run needs is one row. */
  isOneRow(cursor: RunCursor): boolean {
    return this.#blocks.isOpenFor(cursor)
  }

  /**
   * Inserts what has gathered.
   * @throws what SQLite says of one of the rows, whichever it is
   */
  flush(): void {
    for (const rows of this.#all) rows.flush()
  }

  /** A transaction begins. */
  begin(): void {
    this.#blocks.begin()
  }

  /** The transaction is taken back, and what has gathered is forgotten. Twice is fine. */
  rollback(): void {
    this.#blocks.rollback()
    for (const rows of this.#all) rows.clear()
  }

  #cells(key: Cell[], entry: Entry): Cell[] {
    this.#write(key, entry)
    return key
  }

  #write(cells: Cell[], { record, snapshots }: Entry): void {
    tableOf(record).write(cells, record, snapshots, this.#codec)
  }
}
