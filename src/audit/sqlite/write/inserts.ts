import type Database from 'better-sqlite3'
import type { Entry } from '../../entry.ts'
import type { PayloadCodec, Snapshot } from '../../payload.ts'
import type {
  AttemptRecord,
  EventRecord,
  OutcomeRecord,
  RunFinishedRecord,
  StepRecord,
} from '../../records.ts'
import type { RunStartedRecord } from '../../records.ts'
import * as refusals from '../../refusals.ts'
import { endInSameRow } from './end-in-same-row.ts'
import { columnOf } from '../payload-column.ts'
import type { Pending, RunCursor } from './run-cursor.ts'
import { RECORDS_PER_RUN } from '../file/schema.ts'

/** What one record is inserted with. */
interface Place {
  readonly cursor: RunCursor
  readonly entry: Entry
  readonly seq: number
}

/** Writes records, one prepared statement each. */
export class Inserts {
  readonly #codec: PayloadCodec
  readonly #run: Database.Statement
  readonly #finish: Database.Statement
  readonly #token: Database.Statement
  readonly #attempt: Database.Statement
  readonly #step: Database.Statement
  readonly #event: Database.Statement
  readonly #outcome: Database.Statement

  constructor(db: Database.Database, codec: PayloadCodec) {
    this.#codec = codec
    this.#run = db.prepare(
      `INSERT INTO runs (run_id, pipeline, status, started_wall_ms, input) VALUES (?, ?, 'running', ?, ?)`,
    )
    this.#finish = db.prepare(
      `UPDATE runs SET status = ?, finished_wall_ms = ?, finished_seq = ?, latency_ms = ?, attempts = ?,
        cost_usd = ?, tokens = ?, output = ?, feedback = ?, error = ?
      WHERE run = ? AND status IN ('running', 'paused')`,
    )
    this.#token = db.prepare(`INSERT INTO tokens VALUES (${marks(5)})`)
    this.#attempt = db.prepare(`INSERT INTO attempts VALUES (${marks(17)})`)
    this.#step = db.prepare(`INSERT INTO steps VALUES (${marks(13)})`)
    this.#event = db.prepare(`INSERT INTO events VALUES (${marks(5)})`)
    this.#outcome = db.prepare(`INSERT INTO outcomes VALUES (${marks(6)})`)
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
    const place = { cursor, entry, seq }
    switch (record.kind) {
      case 'run-started':
        this.#startRun(record, place)
        return 1
      case 'token':
        this.#token.run(cursor.row, record.tokenId, seq, record.parentId, record.atMs)
        return 1
      case 'attempt': {
        const end = next === undefined ? null : endInSameRow(pending, next)
        this.#insertAttempt(record, place, end)
        return end === null ? 1 : 2
      }
      case 'step':
        this.#insertStep(record, place)
        return 1
      case 'event':
        this.#insertEvent(record, place)
        return 1
      case 'outcome':
        this.#insertOutcome(record, place)
        return 1
      case 'run-finished':
        this.#finishRun(record, place)
        return 1
    }
  }

  #startRun(record: RunStartedRecord, { cursor, entry }: Place): void {
    const { runId, wallMs } = record
    const { lastInsertRowid } = this.#run.run(
      runId,
      this.#text(record.pipeline),
      wallMs,
      this.#payload(entry.got),
    )
    cursor.row = Number(lastInsertRowid)
  }

  #insertAttempt(record: AttemptRecord, place: Place, end: StepRecord | null): void {
    this.#attempt.run(
      keyOf(place),
      record.tokenId,
      this.#text(record.path),
      this.#text(record.step),
      record.attempt,
      record.status,
      record.startedAtMs,
      record.latencyMs,
      record.delayMs,
      record.usage.costUsd,
      record.usage.tokens,
      this.#payload(place.entry.got),
      this.#payload(place.entry.gave),
      columnOf(this.#codec.storedError(record.error)),
      end === null ? null : place.seq + 1,
      end === null ? null : end.latencyMs,
      end === null ? null : end.atMs,
    )
  }

  #insertStep(record: StepRecord, place: Place): void {
    this.#step.run(
      keyOf(place),
      record.tokenId,
      this.#text(record.path),
      this.#text(record.step),
      record.node,
      record.status,
      record.attempts,
      record.latencyMs,
      record.atMs,
      record.usage.costUsd,
      record.usage.tokens,
      this.#text(record.feedback),
      this.#codec.storedBag(place.entry.got),
    )
  }

  #insertEvent(record: EventRecord, place: Place): void {
    const detail = this.#codec.storedBag(place.entry.got)
    this.#event.run(keyOf(place), this.#text(record.path), record.event, record.atMs, detail)
  }

  #insertOutcome(record: OutcomeRecord, place: Place): void {
    const { tokenId, outcome, errorHash, atMs } = record
    this.#outcome.run(keyOf(place), tokenId, outcome, this.#text(record.reason), errorHash, atMs)
  }

  #finishRun(record: RunFinishedRecord, { cursor, entry, seq }: Place): void {
    const { changes } = this.#finish.run(
      record.status,
      record.wallMs,
      seq,
      record.latencyMs,
      record.attempts,
      record.usage.costUsd,
      record.usage.tokens,
      this.#payload(entry.gave),
      this.#text(record.feedback),
      columnOf(this.#codec.storedError(record.error)),
      cursor.row,
    )
    if (changes === 0) throw refusals.finishedTwice(record.runId, record.status)
  }

  #text(text: string | null): string | null {
    return text === null ? null : this.#codec.text(text)
  }

  #payload(snapshot: Snapshot): string | null {
    return columnOf(this.#codec.stored(snapshot))
  }
}

function keyOf({ cursor, seq }: Place): number {
  return cursor.row * RECORDS_PER_RUN + seq
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ')
}
