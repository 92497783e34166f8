import { closeSync, lstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs'
import path from 'node:path'
import { RUN_ID } from './run-id.ts'

/** Journals kept per report folder: enough to look back over a day of work, at most some 100 MB. */
export const JOURNALS_KEPT_MAX = 20

/** Where journals are, inside the report folder. */
export const JOURNAL_FOLDER = 'journal'

const SUFFIX = '.jsonl'

/** Where the journal of a run lives. */
export function journalPath(reportDir: string, runId: string): string {
  return path.join(reportDir, JOURNAL_FOLDER, runId + SUFFIX)
}

/**
 * The journals of a report folder, newest first; none when the folder does not exist.
 *
 * @example
 * const [newest] = listJournals('.shakedown')
 * if (newest !== undefined) console.log(readJournal(newest).events.length)
 */
export function listJournals(reportDir: string): string[] {
  return journalsIn(path.join(reportDir, JOURNAL_FOLDER))
}

/** The journals in a folder, newest first; none when it does not exist. */
export function journalsIn(folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .toSorted()
    .toReversed()
    .map((name) => path.join(folder, name))
}

/**
 * Removes the oldest journals beyond `JOURNALS_KEPT_MAX`. A file that no run of ours wrote stays, whatever its name.
 */
export function pruneJournals(reportDir: string): void {
  const named = listJournals(reportDir).filter((file) => RUN_ID.test(path.basename(file, SUFFIX)))
  // `force`: a run beside this one may be pruning the same files.
  for (const old of named.slice(JOURNALS_KEPT_MAX)) if (isJournal(old)) rmSync(old, { force: true })
}

/** How every journal begins. */
const BEGINNING = Buffer.from('{"type":"run-started"')

function isJournal(file: string): boolean {
  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false
  const opened = openSync(file, 'r')
  try {
    const begins = Buffer.alloc(BEGINNING.length)
    readSync(opened, begins)
    return begins.equals(BEGINNING)
  } finally {
    closeSync(opened)
  }
}
