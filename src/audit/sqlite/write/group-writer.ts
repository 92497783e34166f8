import type Database from 'better-sqlite3'
import { isSqliteError } from '../file/sqlite.ts'
import { AuditError } from '../../../base/errors.ts'
import type { PayloadCodec } from '../../payload.ts'
import * as refusals from '../../refusals.ts'
import { isBusy } from '../file/busy.ts'
import { foldedStepEnd } from './folded-step-end.ts'
import { Inserts, type Mode } from './inserts.ts'
import { RefusalReasons } from './refusal-reasons.ts'
import type { DurablePart, Pending, RunCursor } from './group.ts'
import { LeasedWriter } from './leased-writer.ts'
import type { LeaseOwner } from './lease-owner.ts'
import { RunPlaces } from './run-places.ts'

/** A group that could not be written because of one record. */
interface Culprit {
  readonly pending: Pending
  readonly thrown: unknown
}

/** A group that could not be written because a run is another process's by now. */
interface Lost {
  readonly lost: RunCursor
}

/** Writes groups of records, each in one transaction. Knows nothing of waiting. */
export class GroupWriter {
  readonly #db: Database.Database
  readonly #inserts: Inserts
  readonly #places: RunPlaces
  readonly #reasons: RefusalReasons
  readonly #leased: LeasedWriter
  readonly #begin: Database.Statement
  readonly #commit: Database.Statement
  readonly #rollback: Database.Statement

  /** @param owner who the leases of this store's durable runs are given to */
  constructor(db: Database.Database, codec: PayloadCodec, owner: LeaseOwner) {
    this.#db = db
    this.#leased = new LeasedWriter(db, owner)
    this.#inserts = new Inserts(db, codec)
    this.#places = new RunPlaces(db)
    this.#reasons = new RefusalReasons(db)
    // Immediate: a transaction that took the lock only at its first insert could find its snapshot outdated.
    this.#begin = db.prepare('BEGIN IMMEDIATE')
    this.#commit = db.prepare('COMMIT')
    this.#rollback = db.prepare('ROLLBACK')
  }

  /**
   * Commits a group. When the file refuses a record, all records of that record's run are left out and the rest is
   * committed: one bad run must not cost the others theirs.
   *
   * @returns the runs that were left out, with the reasons
   * @throws what SQLite says when nothing could be committed: the file is busy, full, gone
   */
  write(group: readonly Pending[], durable?: DurablePart): ReadonlyMap<RunCursor, AuditError> {
    const refused = new Map<RunCursor, AuditError>()
    let left = group
    let durableLeft = withoutRefused(durable)
    // Each round leaves out one run, so there are at most as many rounds as runs.
    while (left.length > 0 || durableLeft !== undefined) {
      const culprit = this.#attempt(left, durableLeft)
      if (culprit === undefined) break
      const cursor = 'lost' in culprit ? culprit.lost : culprit.pending.cursor
      refused.set(
        cursor,
        'lost' in culprit
          ? refusals.carriedOnElsewhere(cursor.runId)
          : this.#reasons.explain(culprit.pending, culprit.thrown, left),
      )
      left = left.filter((pending) => pending.cursor !== cursor)
      durableLeft = withoutRefused(durable, refused)
    }
    return refused
  }

  /** One transaction; `undefined` when it is committed. */
  #attempt(group: readonly Pending[], durable: DurablePart | undefined): Culprit | Lost | undefined {
    this.#inserts.begin()
    // One statement is a transaction of its own, and saves two more.
    if (durable === undefined && this.#isOneInsert(group)) return this.#insertAll(group, 'each')
    const failed = this.#transact(group, durable, 'gathered')
    return failed === undefined ? undefined : this.#transact(group, durable, 'each')
  }

  #transact(
    group: readonly Pending[],
    durable: DurablePart | undefined,
    mode: Mode,
  ): Culprit | Lost | undefined {
    this.#begin.run()
    try {
      this.#places.find(group)
      const lost = durable === undefined ? undefined : this.#leased.lost(durable)
      const culprit = lost === undefined ? this.#insertAll(group, mode) : { lost }
      if (culprit === undefined) {
        if (durable !== undefined) this.#leased.write(group, durable)
        this.#commit.run()
      } else {
        this.#inserts.rollback()
        this.#rollback.run()
      }
      return culprit
    } catch (thrown) {
      this.#inserts.rollback()
      // Some errors (a full disk) have rolled back already.
      if (this.#db.inTransaction) this.#rollback.run()
      throw thrown
    }
  }

  /** An attempt with its step's end, usually: what an engine commits before the next step. */
  #isOneInsert([first, second, third]: readonly Pending[]): boolean {
    // Runs that started elsewhere have to be looked up under the same lock.
    if (first === undefined || !first.cursor.own) return false
    if (second !== undefined && (third !== undefined || foldedStepEnd(first, second) === null)) return false
    return first.record.kind !== 'attempt' || this.#inserts.isOneRow(first.cursor)
  }

  /** @returns what was refused; of gathered rows the last record of all, whichever it really was */
  #insertAll(group: readonly Pending[], mode: Mode): Culprit | undefined {
    let [pending] = group
    try {
      for (let index = 0; pending !== undefined;) {
        const { record } = pending
        if (pending.cursor.row === 0 && record.kind !== 'run-started')
          throw refusals.unknownRun(record.runId, record.kind)
        index += this.#inserts.insert(pending, group[index + 1], mode)
        pending = group[index] ?? undefined
      }
      pending = group.at(-1)
      this.#inserts.flush()
      return undefined
    } catch (thrown) {
      this.#inserts.rollback()
      if (pending === undefined || !isRecordsFault(thrown)) throw thrown
      return { pending, thrown }
    }
  }
}

/** What a group holds of durable runs that are not refused; `undefined` when that is nothing. */
function withoutRefused(
  durable: DurablePart | undefined,
  refused?: ReadonlyMap<RunCursor, AuditError>,
): DurablePart | undefined {
  if (durable === undefined) return undefined
  const isFine = (cursor: RunCursor): boolean => cursor.refused === undefined && refused?.has(cursor) !== true
  const cursors = new Set([...durable.cursors].filter(isFine))
  if (cursors.size === 0) return undefined
  return { cursors, checkpoints: durable.checkpoints.filter(({ cursor }) => isFine(cursor)) }
}

/** The record is to blame, not the file: it breaks a rule, or holds what no column can. */
function isRecordsFault(thrown: unknown): boolean {
  if (isBusy(thrown)) return false
  if (isSqliteError(thrown)) return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(thrown.code)
  return thrown instanceof AuditError || thrown instanceof TypeError || thrown instanceof RangeError
}
