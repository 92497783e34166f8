import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { isSqliteError, openDatabase } from './sqlite.ts'
import { AuditError } from '../../../base/errors.ts'
import { makeFolder } from './make-folder.ts'
import { blockingWhileBusy, isBusy } from './busy.ts'
import { type FileState, inspect, inspectThrough } from './inspect.ts'
import { migrate } from './migrate.ts'
import * as openErrors from './open-errors.ts'
import { MIGRATIONS } from './schema.ts'
import { setAside } from './set-aside.ts'

/** Half of SQLite's default: a commit writes whole pages, and one of a single attempt fills less than either. */
const PAGE_BYTES = 2_048
/** Memory for pages: ten thousand runs at once touch more than SQLite's 2 MiB, and would read them again and again. */
const CACHE_KIB = 16_384
/** 16 MiB of write-ahead log before it is folded into the file: each folding waits for the disk. */
const CHECKPOINT_PAGES = 8_192

export interface WritingOptions {
  readonly synchronous: 'NORMAL' | 'FULL'
  /** Now, in milliseconds since the Unix epoch: names a file that has to be set aside. */
  readonly wallMs: () => number
  readonly notice: (message: string) => void
}

/**
 * Opens an audit file for writing: creates, migrates, or sets a damaged one aside and starts afresh.
 * @throws AuditError for a file of a newer version, another program's database, a file that is no database and is not
 * called one, and what cannot be written
 */
export function openForWriting(file: string, options: WritingOptions): Database.Database {
  const path = pathOf(file)
  return withOpenErrors(path, openErrors.unwritable, () => {
    makeFolder(dirname(path))
    refuseOther(path)
    return againIfMoved(() => {
      const state = inspect(path, { check: true })
      refuseForeign(path, state)
      if (state.kind === 'corrupt') startAfresh(path, options)
      return blockingWhileBusy(() => connectForWriting(path, options.synchronous))
    })
  })
}

/** Another process may set a damaged file aside between a look at it and its opening; it does so once. */
function againIfMoved<T>(open: () => T): T {
  try {
    return open()
  } catch (thrown) {
    if (!isSqliteError(thrown) || !thrown.code.startsWith('SQLITE_CANTOPEN')) throw thrown
    return open()
  }
}

/**
 * Opens an audit file for reading. Never creates, migrates or sets aside anything.
 * @throws AuditError when there is no such file, or it is none this version can read
 */
export function openForReading(file: string): Database.Database {
  const path = pathOf(file)
  return withOpenErrors(path, openErrors.unreadable, () => {
    refuseOther(path)
    const state = inspect(path, { check: false })
    refuseForeign(path, state)
    if (state.kind === 'absent') throw openErrors.missing(path)
    if (state.kind === 'empty') throw openErrors.nothingInIt(path)
    if (state.kind === 'corrupt') throw openErrors.notADatabase(path, state.detail)
    if (state.kind === 'ours' && state.version < MIGRATIONS.length)
      throw openErrors.older(path, state.version, MIGRATIONS.length)
    return openDatabase(path, { readonly: true, fileMustExist: true, timeout: 0 })
  })
}

/** better-sqlite3 gives these names a meaning of their own. */
function pathOf(file: string): string {
  if (typeof file !== 'string' || file === '' || file !== file.trim() || /^(:memory:$|file:)/.test(file))
    throw openErrors.notAPath(file)
  // It would be a folder called `postgres:`. Not quoted whole: passwords stand in addresses.
  const [scheme] = /^[a-z][a-z0-9+.-]+:\/\//i.exec(file) ?? []
  if (scheme !== undefined) throw openErrors.notAPath(`${scheme}…`)
  return resolve(file)
}

/** Before anything opens it: opening a pipe waits for ever for its other end. */
function refuseOther(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined || found.isFile()) return
  if (found.isDirectory()) throw openErrors.directory(path)
  throw openErrors.notAFile(
    path,
    found.isFIFO() ? 'a named pipe' : found.isSocket() ? 'a socket' : 'a device',
  )
}

/**
 * Makes what uses a database, which prepares its statements.
 * @throws AuditError when a table or a column is not there; the database is closed then
 */
export function withStatements<T>(db: Database.Database, make: (db: Database.Database) => T): T {
  try {
    return make(db)
  } catch (thrown) {
    db.close()
    const incomplete = isSqliteError(thrown) && /^(no such|table .* has)/.test(thrown.message)
    throw incomplete ? openErrors.incomplete(db.name, thrown) : thrown
  }
}

function refuseForeign(path: string, state: FileState): void {
  if (state.kind === 'other') throw openErrors.notADatabase(path, state.detail)
  if (state.kind === 'foreign') throw openErrors.foreign(path, state.detail)
  if (state.kind === 'ours' && state.version > MIGRATIONS.length)
    throw openErrors.newer(path, state.version, MIGRATIONS.length)
}

function startAfresh(path: string, { wallMs, notice }: WritingOptions): void {
  const moved = setAside(path, wallMs(), () => {
    const state = inspect(path, { check: true })
    refuseForeign(path, state)
    return state.kind === 'corrupt' ? state.detail : undefined
  })
  if (moved === undefined) return
  const { detail, aside } = moved
  notice(
    `The audit file ${path} is damaged (${detail}). It was set aside as ${aside} and a new one was started; ` +
      `try \`sqlite3 ${aside} .recover\` to get runs back.`,
  )
}

function connectForWriting(path: string, synchronous: WritingOptions['synchronous']): Database.Database {
  const db = openDatabase(path, { timeout: 0 })
  try {
    db.pragma(`page_size = ${PAGE_BYTES}`)
    // Once more, because the lock may have been waited for, and its holder may have made a database of its own here.
    refuseForeign(path, inspectThrough(db, { check: false }))
    const mode = db.pragma('journal_mode = WAL', { simple: true })
    if (mode !== 'wal') throw openErrors.noWal(path, String(mode))
    db.pragma(`synchronous = ${synchronous}`)
    db.pragma(`cache_size = -${CACHE_KIB}`)
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    const version = migrate(db)
    if (version > MIGRATIONS.length) throw openErrors.newer(path, version, MIGRATIONS.length)
    assertWritable(db, version)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

/**
 * SQLite opens a file it may not write without a word and would fail only on the first commit. So something is
 * written now, and taken back.
 */
function assertWritable(db: Database.Database, version: number): void {
  try {
    db.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; ROLLBACK`)
  } catch (thrown) {
    // Another process is writing, so it can be written.
    if (!isBusy(thrown)) throw thrown
  }
}

/** Opens the file; what SQLite throws becomes an error that says what is wrong with it. */
function withOpenErrors<T>(
  path: string,
  unusable: (path: string, cause: unknown) => AuditError,
  open: () => T,
): T {
  try {
    return open()
  } catch (thrown) {
    if (thrown instanceof AuditError) throw thrown
    if (isBusy(thrown)) throw openErrors.busy(path, thrown)
    throw unusable(path, thrown)
  }
}
