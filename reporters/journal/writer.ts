import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import path from 'node:path'
import { journalPath, pruneJournals } from './folder.ts'
import { reportDirError } from './report-dir.ts'
import type { ShakedownError } from '../../src/base/errors.ts'
import type { JournalEvent } from './events.ts'

/** What is kept of a journal that cannot be written: the results of some 100 000 tests. */
const UNWRITTEN_BYTES_MAX = 64 * 1024 * 1024

/** How long a disk that refused a write is left alone. */
const RETRY_MS = 1_000

const COPY_BYTES = 1024 * 1024

/**
 * Writes the journal of one run, one event per line.
 *
 * Every write is synchronous: when the process is killed the operating system already has all finished lines, and
 * at most the last one is torn. There is no fsync: that would cost milliseconds per test and protect only against
 * losing power.
 *
 * What a test does to the disk costs no test run: a journal that was deleted is written again, and what a full disk
 * refuses is kept in memory until there is room, or for `unwritten`.
 */
export class JournalWriter {
  /** The file being written. */
  readonly path: string
  readonly #reportDir: string
  #file: number | undefined
  /** What the disk refused so far, in order; the first chunk may be the rest of a line. */
  #unwritten: Buffer[] = []
  #unwrittenBytes = 0
  #failure: { readonly error: ShakedownError; readonly atMs: number } | undefined

  /**
   * Creates the file, and removes the oldest journals beyond the limit.
   *
   * @throws ShakedownError `E_REPORT_DIR` when the folder cannot be written
   */
  constructor(reportDir: string, runId: string) {
    this.path = journalPath(reportDir, runId)
    this.#reportDir = reportDir
    try {
      this.#file = this.#open('a+')
      pruneJournals(reportDir)
    } catch (cause) {
      throw reportDirError(reportDir, cause)
    }
  }

  /** Appends one event. After `close` it does nothing: late news of a finished run. */
  append(event: JournalEvent): void {
    if (this.#file === undefined) return
    this.#keep(Buffer.from(`${JSON.stringify(event)}\n`))
    if (this.#failure === undefined || Date.now() - this.#failure.atMs >= RETRY_MS) this.#flush()
  }

  /**
   * What could not be written, after one more try; `undefined` when all is on the disk.
   *
   * The journal and this text, one after the other, are the whole story.
   */
  unwritten(): { readonly error: ShakedownError; readonly text: string } | undefined {
    this.#flush()
    if (this.#failure === undefined) return undefined
    return { error: this.#failure.error, text: Buffer.concat(this.#unwritten).toString() }
  }

  close(): void {
    if (this.#file === undefined) return
    this.#flush()
    closeSync(this.#file)
    this.#file = undefined
  }

  #keep(line: Buffer): void {
    if (this.#unwrittenBytes + line.length > UNWRITTEN_BYTES_MAX) return
    this.#unwritten.push(line)
    this.#unwrittenBytes += line.length
  }

  #flush(): void {
    if (this.#file === undefined) return
    try {
      if (fstatSync(this.#file).nlink === 0) this.#file = this.#writeAgain(this.#file)
      for (let chunk = this.#unwritten[0]; chunk; chunk = this.#unwritten[0]) {
        const written = writeSync(this.#file, chunk)
        this.#unwrittenBytes -= written
        if (written < chunk.length) this.#unwritten[0] = chunk.subarray(written)
        else this.#unwritten.shift()
      }
      this.#failure = undefined
    } catch (cause) {
      this.#failure = { error: reportDirError(this.#reportDir, cause), atMs: Date.now() }
    }
  }

  /** A file that was deleted lives on while it is open; its text goes into a new one under the same name. */
  #writeAgain(deleted: number): number {
    // Emptied: an earlier try may have come to half of it.
    const file = this.#open('w+')
    try {
      const chunk = Buffer.allocUnsafe(COPY_BYTES)
      for (let at = 0, read = 0; (read = readSync(deleted, chunk, 0, COPY_BYTES, at)) > 0; at += read)
        for (let written = 0; written < read;) written += writeSync(file, chunk, written, read - written)
    } catch (error) {
      closeSync(file)
      throw error
    }
    closeSync(deleted)
    return file
  }

  #open(flags: 'a+' | 'w+'): number {
    mkdirSync(path.dirname(this.path), { recursive: true })
    return openSync(this.path, flags)
  }
}
