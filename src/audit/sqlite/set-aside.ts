import { existsSync, renameSync } from 'node:fs'

/** What SQLite keeps beside a database. Without them a damaged file could not be repaired later. */
const COMPANIONS = ['-wal', '-shm', '-journal']
/** Files set aside within one millisecond; more means something else is wrong. */
const NAMES_MAX = 100

/**
 * Renames a damaged file to `<file>.corrupt.<timestamp>`, its companions with it. Nothing is deleted.
 *
 * The companions go first: SQLite would take a write-ahead log that is left behind for one of the new, empty file
 * and delete it.
 *
 * @returns the new name
 */
export function setAside(file: string, wallMs: number): string {
  const aside = freeName(`${file}.corrupt.${new Date(wallMs).toISOString().replaceAll(':', '-')}`)
  for (const suffix of COMPANIONS) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  renameSync(file, aside)
  return aside
}

function freeName(name: string): string {
  for (let copy = 1; copy <= NAMES_MAX; copy++) {
    const candidate = copy === 1 ? name : `${name}-${copy}`
    if (!existsSync(candidate)) return candidate
  }
  throw new Error(`more than ${NAMES_MAX} files named ${name}`)
}
