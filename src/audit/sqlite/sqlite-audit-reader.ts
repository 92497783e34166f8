import { openForReading, withStatements } from './file/open-file.ts'
import { SqliteReader } from './read/sqlite-reader.ts'
import type { AdapterUse } from '../adapter-uses.ts'
import type { AuditReader, Conservation, RunFilter, RunRow, RunTrail } from '../store.ts'

/**
 * An audit trail that is only read.
 *
 * @example
 * const failed = (reader: SqliteAuditReader): number => reader.runs({ status: 'failed' }).length
 */
export interface SqliteAuditReader extends AuditReader {
  /** The file's absolute path. */
  readonly file: string
  /** Releases the file. Closing twice is fine. */
  close(): void
}

/**
 * Opens an audit file for reading alone, while others may be writing it. Never creates, migrates or sets aside
 * anything; SQLite itself keeps its `-wal` and `-shm` beside a file that is being read, and the next writer removes
 * them.
 *
 * @throws AuditError when there is no such file, or it is not an audit file, or not of this version
 *
 * @example
 * const audit = openSqliteAuditReader('./runs.db')
 * for (const run of audit.runs({ status: 'failed' })) console.log(run.runId, run.feedback)
 * audit.close()
 */
export function openSqliteAuditReader(file: string): SqliteAuditReader {
  const db = openForReading(file)
  const reader = withStatements(db, () => new SqliteReader(db))
  return {
    file: db.name,
    runs: (filter?: RunFilter): readonly RunRow[] => reader.runs(filter),
    trail: (runId: string): RunTrail | undefined => reader.trail(runId),
    isJoined: (runId: string, joinGroup: string): boolean => reader.isJoined(runId, joinGroup),
    conservation: (): Conservation => reader.conservation(),
    adapterUses: (tasksMax: number): ReadonlyMap<string, readonly AdapterUse[]> =>
      reader.adapterUses(tasksMax),
    close: (): void => {
      db.close()
    },
  }
}
