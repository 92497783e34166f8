import * as z from '../../base/zod.ts'
import { parseOptions } from '../../base/options.ts'
import type { Clock } from '../../world/world.ts'
import type { AdapterUse } from '../adapter-uses.ts'
import { entryOf } from '../entry.ts'
import { createPayloadCodec, type PayloadCodec, type PayloadOptions, payloadShape } from '../payload.ts'
import type { AuditRecord } from '../records.ts'
import * as refusals from '../refusals.ts'
import { BUSY_WAIT_MS_MAX } from './file/busy.ts'
import { GroupCommit } from './write/group-commit.ts'
import type { RunCursor } from './write/group.ts'
import { GroupWriter } from './write/group-writer.ts'
import { LeaseOwner } from './write/lease-owner.ts'
import { SqliteDurable } from './sqlite-durable.ts'
import { openForWriting, withStatements } from './file/open-file.ts'
import { RunCursors } from './write/run-cursors.ts'
import { SqliteReader } from './read/sqlite-reader.ts'
import type { AuditStore, Conservation, RunFilter, RunRow, RunTrail } from '../store.ts'
import type Database from 'better-sqlite3'

/**
 * @example
 * const options: SqliteAuditOptions = { clock: systemWorld().clock, synchronous: 'FULL' }
 */
export interface SqliteAuditOptions extends PayloadOptions {
  /** The world's clock: schedules group commits, and waits while another process holds the file's lock. */
  readonly clock: Clock
  /**
   * What a power cut may cost. `NORMAL` (default): the last commits, never the file's soundness; a killed process
   * loses nothing. `FULL`: nothing, for a wait for the disk on every commit.
   */
  readonly synchronous?: 'NORMAL' | 'FULL' | undefined
  /** Total wait for the file's lock before a commit is given up, in milliseconds of the clock. Default 5000. */
  readonly busyWaitMsMax?: number | undefined
  /** Told when a damaged file had to be set aside. Default: a warning of the process. */
  readonly onNotice?: ((message: string) => void) | undefined
}

const optionsSchema = z.strictObject({
  clock: z.custom<Clock>((value) => typeof value === 'object' && value !== null, 'expected a Clock'),
  synchronous: z.enum(['NORMAL', 'FULL']).optional(),
  busyWaitMsMax: z.number().min(0).max(3_600_000).optional(),
  onNotice: z
    .custom<(message: string) => void>((value) => typeof value === 'function', 'expected a function')
    .optional(),
  ...payloadShape,
})

/**
 * The audit trail in a SQLite file.
 *
 * @example
 * const audit: SqliteAudit = openSqliteAudit('./runs.db', { clock: systemWorld().clock })
 * await createEngine({ audit }).run(article, 'tides')
 * await audit.close()
 */
export interface SqliteAudit extends AuditStore {
  /** The file's absolute path. */
  readonly file: string
}

/**
 * Opens an audit trail in a SQLite file; creates the file and its directory when they are missing. Several
 * processes may write one file.
 *
 * A damaged file is set aside as `<file>.corrupt.<timestamp>`, said so through `onNotice`, and a new one started. A file
 * that is no database, and is not called one (`.db`, `.sqlite`), is refused and left untouched.
 *
 * @throws AuditError for a file of a newer version, another application's database, and what cannot be written;
 *   none of them is touched
 * @throws ConfigurationError for an unknown or impossible option
 *
 * @example
 * const audit = openSqliteAudit('./runs.db', { clock: systemWorld().clock, redact: [apiKey] })
 */
export function openSqliteAudit(file: string, options: SqliteAuditOptions): SqliteAudit {
  const { clock, synchronous, busyWaitMsMax, onNotice, ...payload } = parseOptions(
    optionsSchema,
    options,
    'openSqliteAudit',
  )
  const codec = createPayloadCodec(payload)
  const db = openForWriting(file, {
    synchronous: synchronous ?? 'NORMAL',
    wallMs: () => clock.wallMs(),
    notice: onNotice ?? ((message) => process.emitWarning(message, 'AuditWarning')),
  })
  return withStatements(db, () => new SqliteStore(db, codec, clock, busyWaitMsMax ?? BUSY_WAIT_MS_MAX))
}

class SqliteStore implements SqliteAudit {
  readonly file: string
  readonly #db: Database.Database
  readonly #codec: PayloadCodec
  readonly #cursors = new RunCursors()
  readonly #commit: GroupCommit
  readonly durable: SqliteDurable
  /** Durable runs that are about to start, and whether their checkpoints stay. */
  readonly #toLease = new Map<string, boolean>()
  readonly #reader: SqliteReader
  #closing: Promise<void> | undefined

  constructor(db: Database.Database, codec: PayloadCodec, clock: Clock, busyWaitMsMax: number) {
    this.file = db.name
    this.#db = db
    this.#codec = codec
    const owner = new LeaseOwner(clock)
    this.#commit = new GroupCommit(new GroupWriter(db, codec, owner), this.#cursors, {
      file: db.name,
      clock,
      busyWaitMsMax,
    })
    const toLease = this.#toLease
    this.durable = new SqliteDurable(db, this.#cursors, this.#commit, owner, {
      clock,
      busyWaitMsMax,
      toLease,
    })
    this.#reader = new SqliteReader(db)
  }

  append(record: AuditRecord): void {
    if (this.#closing !== undefined) throw refusals.afterClose(record)
    const starts = record.kind === 'run-started'
    // A caller that starts a run again while it is going on is refused at once; the run itself goes on.
    if (starts && this.#cursors.isGoingOn(record.runId)) throw refusals.startedTwice(record.runId)
    const cursor = this.#cursors.getOrAdd(record.runId, starts)
    if (cursor.refused !== undefined) {
      cursor.reported = true
      throw cursor.refused
    }
    if (starts && this.#toLease.size > 0) this.#leaseIfDurable(cursor)
    this.#commit.add(entryOf(record, this.#codec), cursor)
  }

  committed(runId?: string): Promise<void> | undefined {
    if (runId === undefined) return this.#commit.committed(undefined)
    const cursor = this.#cursors.get(runId)
    if (cursor === undefined) return undefined
    // In no group: all is committed, unless it was refused.
    if (cursor.group === null && cursor.committed === cursor.appended) return undefined
    if (cursor.refused === undefined) return this.#commit.committed(cursor)
    cursor.reported = true
    return Promise.reject(cursor.refused)
  }

  close(): Promise<void> {
    this.#closing ??= this.#drainAndClose()
    return this.#closing
  }

  runs(filter?: RunFilter): readonly RunRow[] {
    return this.#reader.runs(filter)
  }

  trail(runId: string): RunTrail | undefined {
    return this.#reader.trail(runId)
  }

  isJoined(runId: string, joinGroup: string): boolean {
    return this.#reader.isJoined(runId, joinGroup)
  }

  conservation(): Conservation {
    return this.#reader.conservation()
  }

  adapterUses(tasksMax: number): ReadonlyMap<string, readonly AdapterUse[]> {
    return this.#reader.adapterUses(tasksMax)
  }

  #leaseIfDurable(cursor: RunCursor): void {
    const keep = this.#toLease.get(cursor.runId)
    if (keep === undefined) return
    this.#toLease.delete(cursor.runId)
    cursor.lease = { keep, saved: 0 }
  }

  async #drainAndClose(): Promise<void> {
    await this.#commit.drain()
    this.durable.close()
    this.#db.close()
    const unreported = this.#cursors.unreported()
    if (unreported !== undefined) throw unreported
  }
}
