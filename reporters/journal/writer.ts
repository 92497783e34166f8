import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import { journalPath, pruneJournals } from './folder.ts'
import { redactStrings } from './redact.ts'
import { reportDirError } from './report-dir.ts'
import type { JournalEvent } from './events.ts'
import type { Redact } from './redact.ts'

/**
 * Writes the journal of one run, one event per line.
 *
 * Every write is synchronous: when the process is killed the operating system already has all finished lines, and
 * at most the last one is torn. There is no fsync: that would cost milliseconds per test and protect only against
 * losing power.
 */
export class JournalWriter {
  /** The file being written. */
  readonly path: string
  readonly #redact: Redact
  #file: number | undefined

  /**
   * Creates the file, and removes the oldest journals beyond the limit.
   *
   * @throws ShakedownError `E_REPORT_DIR` when the folder cannot be written
   */
  constructor(reportDir: string, runId: string, redact: Redact) {
    this.path = journalPath(reportDir, runId)
    this.#redact = redact
    try {
      mkdirSync(path.dirname(this.path), { recursive: true })
      this.#file = openSync(this.path, 'a')
      pruneJournals(reportDir)
    } catch (cause) {
      throw reportDirError(reportDir, cause)
    }
  }

  /**
   * Appends one event with its secrets hidden. After `close` it does nothing: late news of a finished run.
   *
   * @throws ShakedownError `E_REPORT_DIR` when the disk is full or the folder went away
   */
  append(event: JournalEvent): void {
    if (this.#file === undefined) return
    const line = Buffer.from(`${JSON.stringify(redactStrings(event, this.#redact))}\n`)
    try {
      for (let written = 0; written < line.length;) written += writeSync(this.#file, line, written)
    } catch (cause) {
      throw reportDirError(path.dirname(path.dirname(this.path)), cause)
    }
  }

  close(): void {
    if (this.#file === undefined) return
    closeSync(this.#file)
    this.#file = undefined
  }
}
