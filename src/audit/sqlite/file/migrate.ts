import type Database from 'better-sqlite3'
import { APPLICATION_ID, MIGRATIONS } from './schema.ts'

/**
 * Brings the file up to the newest version; does nothing when it is there. Safe when several processes open a new
 * file at once: the version is read again under the write lock, so each migration runs once.
 *
 * @returns the file's version, which is beyond the newest known one when a newer process migrated it meanwhile
 */
export function migrate(db: Database.Database, migrations: readonly string[] = MIGRATIONS): number {
  const run = db.transaction((): number => {
    const version = versionOf(db)
    for (const sql of migrations.slice(version)) db.exec(sql)
    if (version >= migrations.length) return version
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${migrations.length}`)
    return migrations.length
  })
  // The common case, an up-to-date file, takes no write lock: opening must not fail because another process writes.
  const version = versionOf(db)
  return version >= migrations.length ? version : run.immediate()
}

function versionOf(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number
}
