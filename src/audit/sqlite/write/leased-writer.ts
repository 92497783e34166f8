import type Database from 'better-sqlite3'
import { LEASE_INTO, type LeaseOwner } from './lease-owner.ts'
import type { DurablePart, Pending, RunCursor } from './group.ts'

/** Writes what a group holds of durable runs: their leases and their checkpoints. Only within a transaction. */
export class LeasedWriter {
  readonly #owner: LeaseOwner
  readonly #ownerOf: Database.Statement<[number], string>
  readonly #lease: Database.Statement
  readonly #end: Database.Statement<[number]>
  readonly #forget: Database.Statement<[number]>
  readonly #save: Database.Statement

  constructor(db: Database.Database, owner: LeaseOwner) {
    this.#owner = owner
    this.#ownerOf = db.prepare<[number], string>('SELECT owner FROM leases WHERE run = ?').pluck()
    this.#lease = db.prepare(`INSERT INTO leases ${LEASE_INTO}`)
    this.#end = db.prepare('DELETE FROM leases WHERE run = ?')
    this.#forget = db.prepare('DELETE FROM checkpoints WHERE run = ?')
    this.#save = db.prepare('INSERT INTO checkpoints (run, nth, key, data) VALUES (?, ?, ?, ?)')
  }

  /** A run that another process has taken: its lease ran out. This store must not write to it any more. */
  lost({ cursors }: DurablePart): RunCursor | undefined {
    for (const cursor of cursors)
      // A run without a row starts in this group.
      if (cursor.row !== 0 && this.#ownerOf.get(cursor.row) !== this.#owner.id) return cursor
    return undefined
  }

  /** After the records of the group: a run that started in it has its row. */
  write(group: readonly Pending[], { checkpoints }: DurablePart): void {
    for (const { record, cursor } of group) {
      if (record.kind !== 'run-started' || cursor.lease === undefined) continue
      this.#lease.run(...this.#owner.lease(cursor.row))
      this.#owner.hold(cursor.row)
    }
    for (const { cursor, key, data } of checkpoints)
      if (cursor.lease !== undefined) this.#save.run(cursor.row, ++cursor.lease.saved, key, data)
    for (const { record, cursor } of group) {
      if (record.kind !== 'run-finished' || cursor.lease === undefined) continue
      this.#end.run(cursor.row)
      this.#owner.letGo(cursor.row)
      if (record.status !== 'paused' && !cursor.lease.keep) this.#forget.run(cursor.row)
    }
  }
}
