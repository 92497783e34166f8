import { existsSync, mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { blockingWhile } from './busy.ts'
import { lockLeft } from './open-errors.ts'

/** What SQLite keeps beside a database. Without them a damaged file could not be repaired later. */
const COMPANIONS = ['-wal', '-shm', '-journal']
/** Files set aside within one millisecond; more means something else is wrong. */
const NAMES_MAX = 100

/**
 * Renames a damaged file to `<file>.corrupt.<timestamp>`, its companions with it. Nothing is deleted.
 *
 * One process at a time: another one that found the same damage must not move the new file that the first has
 * started meanwhile, so it waits for its turn and then looks again.
 *
 * @param damage looks at the file and says what is wrong with it, or `undefined`
 * @returns what was wrong and the new name; `undefined` when another process has been here before
 * @throws AuditError when the lock is not released
 * @throws the operating system's error when the directory cannot be written
 */
export function setAside(
  file: string,
  wallMs: number,
  damage: () => string | undefined,
): { readonly detail: string; readonly aside: string } | undefined {
  const lock = `${file}.setting-aside`
  takeLock(file, lock)
  try {
    const detail = damage()
    if (detail === undefined) return undefined
    const aside = freeName(`${file}.corrupt.${new Date(wallMs).toISOString().replaceAll(':', '-')}`)
    // The companions first: SQLite would take a write-ahead log that is left behind for one of the new, empty file
    // and delete it.
    for (const suffix of [...COMPANIONS, ''])
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
    return { detail, aside }
  } finally {
    rmdirSync(lock)
  }
}

function takeLock(file: string, lock: string): void {
  try {
    blockingWhile(isTaken, () => mkdirSync(lock))
  } catch (thrown) {
    throw isTaken(thrown) ? lockLeft(file, lock) : thrown
  }
}

function isTaken(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'
}

function freeName(name: string): string {
  for (let copy = 1; copy <= NAMES_MAX; copy++) {
    const candidate = copy === 1 ? name : `${name}-${copy}`
    if (!existsSync(candidate)) return candidate
  }
  throw new Error(`more than ${NAMES_MAX} files named ${name}`)
}
