import type Database from 'better-sqlite3'
import type { Cell } from '../../columns/kinds.ts'
import { LISTS, tableOf, TABLES } from '../../columns/tables.ts'
import type { Entry } from '../../entry.ts'
import type { PayloadCodec } from '../../payload.ts'
import type { AuditRecord } from '../../records.ts'
import * as refusals from '../../refusals.ts'
import { AttemptBlocks } from './attempt-blocks.ts'
import { foldedStepEnd } from './folded-step-end.ts'
import type { Pending, RunCursor } from './group.ts'
import { RowWriter } from './row-writer.ts'

/** The end of a step, kept with its attempt. */
const STEP_COLUMNS = ['step_seq', 'step_latency_ms', 'step_at_ms']

/**
 * How rows are inserted: `gathered`, several with one statement at the `flush`; or `each` at once, so that the record
 * that is refused is known.
 */
export type Mode = 'gathered' | 'each'

/** Writes records into their tables. */
export class Inserts {
  readonly #codec: PayloadCodec
  readonly #blocks: AttemptBlocks
  readonly #start: Database.Statement
  readonly #finish: Database.Statement
  /** In the order they have to be flushed in: an outcome needs its token. */
  readonly #rows = new Map<AuditRecord['kind'], RowWriter>()

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
    for (const kind of Object.values(LISTS)) {
      const { name, columns } = TABLES[kind]
      const place = ['run', 'seq', ...columns]
      const all = kind === 'attempt' ? ['id', ...place, ...STEP_COLUMNS] : place
      this.#rows.set(kind, new RowWriter(db, name, all))
    }
  }

  /**
   * Inserts a record, and the next one with it when one row holds both.
   * @returns how many records were inserted
   * @throws what SQLite says, and AuditError for what it cannot know
   */
  insert(pending: Pending, next: Pending | undefined, mode: Mode): 1 | 2 {
    const { entry, cursor, number } = pending
    const { record } = entry
    const seq = cursor.base + number
    switch (record.kind) {
      case 'run-started': {
        const { lastInsertRowid } = this.#start.run(...this.#cells([cursor.runId, 'running'], entry))
        cursor.row = Number(lastInsertRowid)
        return 1
      }
      case 'run-finished': {
        const cells = this.#cells([seq], entry)
        if (this.#finish.run(...cells, cursor.row).changes === 0)
          throw refusals.finishedTwice(record.runId, record.status)
        return 1
      }
      case 'attempt': {
        const end = next === undefined ? null : foldedStepEnd(pending, next)
        const cells = this.#cells([this.#blocks.take(cursor), cursor.row, seq], entry)
        if (end === null) cells.push(null, null, null)
        else cells.push(seq + 1, end.latencyMs, end.atMs)
        this.#add('attempt', cells, mode)
        return end === null ? 1 : 2
      }
      default: {
        this.#add(record.kind, this.#cells([cursor.row, seq], entry), mode)
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
    for (const rows of this.#rows.values()) rows.flush()
  }

  /** A transaction begins. */
  begin(): void {
    this.#blocks.begin()
  }

  /** The transaction is taken back, and what has gathered is forgotten. Twice is fine. */
  rollback(): void {
    this.#blocks.rollback()
    for (const rows of this.#rows.values()) rows.clear()
  }

  #add(kind: AuditRecord['kind'], cells: readonly Cell[], mode: Mode): void {
    const rows = this.#rows.get(kind)
    if (mode === 'gathered') rows?.gather(cells)
    else rows?.insert(cells)
  }

  #cells(key: Cell[], { record, snapshots }: Entry): Cell[] {
    tableOf(record).write(key, record, snapshots, this.#codec)
    return key
  }
}
