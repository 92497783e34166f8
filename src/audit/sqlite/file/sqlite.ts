import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'

type Sqlite = typeof Database

let sqlite: Sqlite | undefined

/**
 * Opens a database. The library is loaded for the first one: with its native part it takes 10 ms, and most processes that
 * load the engine open none.
 *
 * @throws SqliteError; what Node throws when the library's native part does not fit this system
 */
export function openDatabase(path: string, options: Database.Options): Database.Database {
  sqlite ??= createRequire(import.meta.url)('better-sqlite3') as Sqlite
  return new sqlite(path, options)
}

/** Whether it is SQLite's own error. Before the first database is opened nothing is. */
export function isSqliteError(thrown: unknown): thrown is InstanceType<Sqlite['SqliteError']> {
  return sqlite !== undefined && thrown instanceof sqlite.SqliteError
}
