import { existsSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { isSqliteError, openDatabase } from './sqlite.ts'
import { blockingWhileBusy } from './busy.ts'
import { APPLICATION_ID } from './schema.ts'

/**
 * Files up to this size are checked page by page when opened for writing (`quick_check`, about 3 ms per MiB).
 * Larger ones would make every start wait; their damage shows when it is met.
 */
const CHECKED_BYTES_MAX = 64 * 1024 * 1024

/** What a path holds, found out without writing to it. */
export type FileState =
  | { readonly kind: 'absent' }
  /** A file of no bytes, or a database without anything in it: ours to fill. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'ours'; readonly version: number }
  | { readonly kind: 'foreign'; readonly detail: string }
  | { readonly kind: 'corrupt'; readonly detail: string }
  /** No database at all, and nothing says that it ever was one: not ours to move. */
  | { readonly kind: 'other'; readonly detail: string }

/** Names that people give to SQLite databases. */
const DATABASE_NAME = /\.(db|sqlite3?)$/i
/** What stands beside an audit file that is in use, or was when its writer died, or is being set aside. */
const BESIDE = ['-wal', '-shm', '-journal', '.setting-aside']

/**
 * Looks at a file through a read-only connection. SQLite itself must do the looking: on POSIX systems, opening and
 * closing the file in any other way drops the locks that this process's connections hold on it.
 *
 * @throws SqliteError when the file cannot be read at all
 */
export function inspect(file: string, options: { check: boolean }): FileState {
  if (!statSync(file, { throwIfNoEntry: false })) return { kind: 'absent' }
  return blockingWhileBusy(() => {
    // Before the look: another process that sets the file aside moves its companions first.
    const database = DATABASE_NAME.test(file) || BESIDE.some((suffix) => existsSync(file + suffix))
    const db = openToLook(file)
    try {
      return inspectThrough(db, options)
    } catch (thrown) {
      if (!database && isSqliteError(thrown) && thrown.code === 'SQLITE_NOTADB')
        return { kind: 'other', detail: thrown.message }
      if (isDamage(thrown)) return { kind: 'corrupt', detail: thrown.message }
      throw thrown
    } finally {
      db.close()
    }
  })
}

/** SQLite's words for a file that is not, or is no longer, a sound database. */
function isDamage(thrown: unknown): thrown is Error {
  return isSqliteError(thrown) && /^SQLITE_(NOTADB|CORRUPT)/.test(thrown.code)
}

function openToLook(file: string): Database.Database {
  const db = openDatabase(file, { readonly: true, fileMustExist: true, timeout: 0 })
  try {
    db.prepare('SELECT 1 FROM sqlite_schema').get()
  } catch (thrown) {
    // A process died while it wrote in rollback-journal mode (a new file is in it for an instant). Only a writing
    // connection can roll that back, which any next user of the file would do in the same way.
    if (!isSqliteError(thrown) || thrown.code !== 'SQLITE_READONLY_ROLLBACK') return db
    db.close()
    return openDatabase(file, { fileMustExist: true, timeout: 0 })
  }
  return db
}

/**
 * What a connection sees of its file. All of it is read in one transaction, so that it is of one moment: between
 * two, another process can fill a new file, and its tables beside a mark that was missing a moment ago would look
 * like another program's. Rolled back, because SQLite refuses to commit even a read of a damaged schema.
 *
 * @throws SqliteError for a damaged file that bears our mark, or one that is locked
 */
export function inspectThrough(db: Database.Database, options: { check: boolean }): FileState {
  db.exec('BEGIN')
  try {
    return look(db, options.check)
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK')
  }
}

function look(db: Database.Database, check: boolean): FileState {
  // The identity is in the header, so it is known even when the rest is damaged.
  const applicationId = db.pragma('application_id', { simple: true }) as number
  const version = db.pragma('user_version', { simple: true }) as number
  if (applicationId !== APPLICATION_ID) return lookAtUnmarked(db, applicationId, version)
  if (check && size(db) <= CHECKED_BYTES_MAX) {
    const verdict = db.pragma('quick_check(1)', { simple: true }) as string
    if (verdict !== 'ok') return { kind: 'corrupt', detail: verdict }
  } else {
    tableNames(db)
  }
  return { kind: 'ours', version }
}

function tableNames(db: Database.Database): readonly string[] {
  const tables = db.prepare<[], { name: string }>('SELECT name FROM sqlite_schema ORDER BY name LIMIT 4')
  return tables.all().map(({ name }) => name)
}

function size(db: Database.Database): number {
  return (
    (db.pragma('page_count', { simple: true }) as number) *
    (db.pragma('page_size', { simple: true }) as number)
  )
}

/** Never corrupt: a damaged database without our mark is another program's, and not ours to move. */
function lookAtUnmarked(db: Database.Database, applicationId: number, version: number): FileState {
  try {
    const tables = tableNames(db)
    if (applicationId === 0 && version === 0 && tables.length === 0) return { kind: 'empty' }
    const held = tables.length > 0 ? ` and holds ${tables.map((name) => `'${name}'`).join(', ')}` : ''
    return { kind: 'foreign', detail: `its application id is ${applicationId}${held}` }
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown
    return { kind: 'foreign', detail: `its application id is ${applicationId}; ${thrown.message}` }
  }
}
