import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import {
  openSqliteAudit,
  type SqliteAudit,
  type SqliteAuditOptions,
} from '../../../src/audit/sqlite/sqlite-audit.ts'
import { type ManualClock, manualClock } from './manual-clock.ts'
import { temporaryFile } from './temporary-file.ts'

/** An audit file whose time the test moves, and a second connection to it. */
export function openAudit(options: Partial<SqliteAuditOptions> = {}): {
  readonly audit: SqliteAudit
  readonly clock: ManualClock
  /** Another connection to the same file. */
  readonly other: Database.Database
} {
  const clock = manualClock()
  const audit = openSqliteAudit(temporaryFile(), { clock, ...options })
  const other = new Database(audit.file, { timeout: 0 })
  onTestFinished(async () => {
    other.close()
    await audit.close().catch(() => undefined)
  })
  return { audit, clock, other }
}

/** The runs another connection sees. */
export function runIds(db: Database.Database): unknown {
  return db.prepare('SELECT run_id FROM runs ORDER BY run').pluck().all()
}
