import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'

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

/** Removes the oldest journals beyond `JOURNALS_KEPT_MAX`. */
export function pruneJournals(reportDir: string): void {
  // `force`: a run beside this one may be pruning the same files.
  for (const old of listJournals(reportDir).slice(JOURNALS_KEPT_MAX)) rmSync(old, { force: true })
}
