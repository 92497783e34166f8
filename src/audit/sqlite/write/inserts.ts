import type Database from 'better-sqlite3'
import type { Cell } from '../../columns/kinds.ts'
import { tableOf, TABLES } from '../../columns/tables.ts'
import type { Entry } from '../../entry.ts'
import type { PayloadCodec } from '../../payload.ts'
import type { AuditRecord } from '../../records.ts'
import * as refusals from '../../refusals.ts'
import { foldedStepEnd } from './folded-step-end.ts'
import type { Pending, RunCursor } from './group.ts'
import { RECORDS_PER_RUN } from '../file/schema.ts'

/** Kinds of record whose rows have a key of their own; those of the others are keyed by their place. */
const KEYED = new Set<AuditRecord['kind']>(['token', 'join', 'outcome'])

/** The end of a step, kept with its attempt. */
const STEP_COLUMNS = ['step_seq', 'step_latency_ms', 'step_at_ms']
const NO_STEP: readonly Cell[] = [null, null, null]

/** Writes records, one prepared statement each. */
export class Inserts {
  readonly #codec: PayloadCodec
  readonly #start: Database.Statement
  readonly #finish: Database.Statement
  readonly #rows = new Map<AuditRecord['kind'], Database.Statement>()

  constructor(db: Database.Database, codec: PayloadCodec) {
    this.#codec = codec
    const start = ['run_id', 'status', ...TABLES['run-started'].columns]
    this.#start = db.prepare(insertInto('runs', start))
    const finish = ['finished_seq', ...TABLES['run-finished'].columns].map((column) => `${column} = ?`)
    this.#finish = db.prepare(
      `UPDATE runs SET ${finish.join(', ')} WHERE status IN ('running', 'paused') AND run = ?`,
    )
    for (const kind of ['token', 'attempt-start', 'attempt', 'step', 'event', 'join', 'outcome'] as const) {
      const { name, columns } = TABLES[kind]
      const key = KEYED.has(kind) ? ['run', 'seq'] : ['id']
      const all = [...key, ...columns, ...(kind === 'attempt' ? STEP_COLUMNS : [])]
      this.#rows.set(kind, db.prepare(insertInto(name, all)))
    }
  }

  /**
   * Inserts a record, and the next one with it when one row holds both.
   * @returns how many records were inserted
   * @throws what SQLite says, and AuditError for what it cannot know
   */
  insert(pending: Pending, next: Pending | undefined): 1 | 2 {
    const { entry, cursor, number } = pending
    const { record } = entry
    const seq = cursor.base + number
    if (seq >= RECORDS_PER_RUN) throw refusals.tooManyRecords(cursor.runId, RECORDS_PER_RUN - 1)
    switch (record.kind) {
      case 'run-started': {
        const { lastInsertRowid } = this.#start.run(this.#cells([cursor.runId, 'running'], entry))
        cursor.row = Number(lastInsertRowid)
        return 1
      }
      case 'run-finished': {
        const cells = this.#cells([seq], entry)
        cells.push(cursor.row)
        if (this.#finish.run(cells).changes === 0) throw refusals.finishedTwice(record.runId, record.status)
        return 1
      }
      case 'attempt': {
        const end = next === undefined ? null : foldedStepEnd(pending, next)
        const cells = this.#cells([keyOf(cursor, seq)], entry)
        cells.push(...(end === null ? NO_STEP : [seq + 1, end.latencyMs, end.atMs]))
        this.#rows.get('attempt')?.run(cells)
        return end === null ? 1 : 2
      }
      default: {
        const key = KEYED.has(record.kind) ? [cursor.row, seq] : [keyOf(cursor, seq)]
        this.#rows.get(record.kind)?.run(this.#cells(key, entry))
        return 1
      }
    }
  }

  #cells(key: Cell[], { record, snapshots }: Entry): Cell[] {
    tableOf(record).write(key, record, snapshots, this.#codec)
    return key
  }
}

function insertInto(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

function keyOf({ row }: RunCursor, seq: number): number {
  return row * RECORDS_PER_RUN + seq
}
