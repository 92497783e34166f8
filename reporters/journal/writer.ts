import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { journalPath, pruneJournals } from './folder.ts'
import { prepareReportDir, reportDirError } from './report-dir.ts'
import { ShakedownError } from '../../src/base/errors.ts'
import type { Stats } from 'node:fs'
import type { JournalEvent } from './events.ts'

/** What is kept of a journal that cannot be written: the results of some 100 000 tests. */
const UNWRITTEN_BYTES_MAX = 64 * 1024 * 1024

/** How long a disk that refused a write is left alone. */
const RETRY_MS = 1_000

/** How often it is looked whether the journal is still in its place; besides at the end, where it counts. */
const LOOK_MS = 250

const COPY_BYTES = 1024 * 1024

/**
 * Writes the journal of one run, one event per line.
 *
 * Every write is synchronous: when the process is killed the operating system already has all finished lines, and
 * at most the last one is torn. There is no fsync: that would cost milliseconds per test and protect only against
 * losing power.
 *
 * What a test does to the disk costs no test run: a journal that was deleted, moved or replaced is written again, and
 * what a full disk refuses is kept in memory until there is room, or for `unwritten`. Only what was cut out of the file
 * is lost; then the journal says so.
 */
export class JournalWriter {
  /** The file being written. */
  readonly path: string
  readonly #reportDir: string
  #file: number | undefined
  /** What the disk refused so far, in order; the first chunk may be the rest of a line. */
  #unwritten: Buffer[] = []
  #unwrittenBytes = 0
  /** What the file should hold. */
  #bytes = 0
  /** Of what was written: a file of the same length can hold something else. */
  readonly #hash = createHash('sha256')
  #lost = false
  #lookedAtMs = 0
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
      prepareReportDir(reportDir)
      this.#file = openSync(this.path, 'a+')
      pruneJournals(reportDir)
    } catch (cause) {
      throw cause instanceof ShakedownError ? cause : reportDirError(reportDir, cause)
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
  unwritten(): Unwritten | undefined {
    this.#lookedAtMs = 0
    this.#flush()
    if (this.#failure === undefined || this.#file === undefined) return undefined
    // Of a journal that is not in its place nobody else can read the beginning.
    const before = this.#isInPlace(this.#file) ? [] : chunksOf(this.#file)
    return { error: this.#failure.error, text: Buffer.concat([...before, ...this.#unwritten]).toString() }
  }

  /** How many bytes the file has when nobody else changed it; `undefined` once somebody has. */
  get bytes(): number | undefined {
    return this.#lost ? undefined : this.#bytes
  }

  /** SHA-256 of those bytes, in hex; `undefined` as they are. */
  get sha256(): string | undefined {
    return this.#lost ? undefined : this.#hash.copy().digest('hex')
  }

  close(): void {
    if (this.#file === undefined) return
    this.#lookedAtMs = 0
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
      const stat = fstatSync(this.#file)
      this.#noticeChange(stat)
      if ((stat.nlink === 0 || this.#isDue()) && !this.#isInPlace(this.#file))
        this.#file = this.#writeAgain(this.#file)
      for (let chunk = this.#unwritten[0]; chunk; chunk = this.#unwritten[0]) {
        const written = writeSync(this.#file, chunk)
        this.#unwrittenBytes -= written
        this.#bytes += written
        this.#hash.update(chunk.subarray(0, written))
        if (written < chunk.length) this.#unwritten[0] = chunk.subarray(written)
        else this.#unwritten.shift()
      }
      this.#failure = undefined
    } catch (cause) {
      const error = cause instanceof ShakedownError ? cause : reportDirError(this.#reportDir, cause)
      this.#failure = { error, atMs: Date.now() }
    }
  }

  /** What somebody cut or wrote over cannot be brought back, but the report must not look whole. */
  #noticeChange(stat: Stats): void {
    if (!stat.isFile() || stat.size === this.#bytes) return
    const message = `The journal ${this.#shown} was changed while the run was going on, so results may be missing: expected ${this.#bytes} bytes, got ${stat.size}.`
    const event: JournalEvent = { type: 'records-lost', atMs: Date.now(), message }
    // On a line of its own, also after half a line.
    this.#keep(Buffer.from(`\n${JSON.stringify(event)}\n`))
    this.#bytes = stat.size
    this.#lost = true
  }

  #isDue(): boolean {
    const now = Date.now()
    if (now - this.#lookedAtMs < LOOK_MS) return false
    this.#lookedAtMs = now
    return true
  }

  /** Whether who opens the journal by its name gets this file. */
  #isInPlace(file: number): boolean {
    const named = statSync(this.path, { throwIfNoEntry: false })
    const { dev, ino } = fstatSync(file)
    return named?.ino === ino && named.dev === dev
  }

  /** A file that was deleted or moved lives on while it is open; its text goes into a new one under the old name. */
  #writeAgain(old: number): number {
    prepareReportDir(this.#reportDir)
    if (lstatSync(this.path, { throwIfNoEntry: false })?.isDirectory() === true) throw this.#folderInTheWay()
    // Beside it first: what is in its place now is replaced, never opened; it may be a pipe.
    const beside = `${this.path}.${process.pid}.tmp`
    rmSync(beside, { force: true })
    const file = openSync(beside, 'ax+')
    try {
      for (const chunk of chunksOf(old))
        for (let written = 0; written < chunk.length;) written += writeSync(file, chunk, written)
      renameSync(beside, this.path)
    } catch (error) {
      closeSync(file)
      rmSync(beside, { force: true })
      throw error
    }
    closeSync(old)
    return file
  }

  #folderInTheWay(): ShakedownError {
    return new ShakedownError(
      'E_REPORT_DIR',
      `Expected the journal ${this.#shown} to be a file, got a folder.`,
      {
        hint: 'A test has put it there while the run was going on; no test should write into the report folder.',
      },
    )
  }

  get #shown(): string {
    return path.relative(process.cwd(), this.path).replaceAll('\\', '/')
  }
}

/** What a journal could not take. */
export interface Unwritten {
  readonly error: ShakedownError
  readonly text: string
}

function* chunksOf(file: number): Generator<Buffer> {
  for (let at = 0; ;) {
    const chunk = Buffer.allocUnsafe(COPY_BYTES)
    const read = readSync(file, chunk, 0, COPY_BYTES, at)
    if (read === 0) return
    yield chunk.subarray(0, read)
    at += read
  }
}
