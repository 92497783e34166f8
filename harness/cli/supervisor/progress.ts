import { count, duration } from '../../../reporters/text/words.ts'
import type { ProgressMessage } from './messages.ts'
import type { Stream } from '../output.ts'

/** A terminal line is redrawn this often, in milliseconds: no person reads faster than that. */
const REDRAW_MS = 100
/** A log gets a line this often: enough for a watcher and for CI services that end silent jobs. */
const LOG_MS = 10_000
const CLEAR_LINE = '\r\u001B[2K'

/** Says how far a run is: one line that changes on a terminal, now and then a new one elsewhere. */
export class Progress {
  readonly #stream: Stream
  readonly #startedMs = performance.now()
  readonly #timer: NodeJS.Timeout | undefined
  #message: ProgressMessage | undefined

  /** @param silent another process writes to the same place; only sentences are written */
  constructor(stream: Stream, silent: boolean) {
    this.#stream = stream
    if (silent) return
    this.#timer = setInterval(() => this.#draw(), stream.isTerminal ? REDRAW_MS : LOG_MS)
  }

  update(message: ProgressMessage): void {
    this.#message = message
  }

  /** A sentence of its own line, between two states of the progress. */
  say(sentence: string): void {
    this.#clear()
    this.#stream.write(`${sentence}\n`)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#clear()
  }

  #clear(): void {
    if (this.#timer !== undefined && this.#stream.isTerminal) this.#stream.write(CLEAR_LINE)
  }

  #draw(): void {
    const line = progressLine(this.#message, performance.now() - this.#startedMs).slice(
      0,
      this.#stream.width - 1,
    )
    this.#stream.write(this.#stream.isTerminal ? CLEAR_LINE + line : `${line}\n`)
  }
}

/** `shakedown: 3 of 12 files, 47 tests, 1 failed, 4.2 s`. */
export function progressLine(message: ProgressMessage | undefined, elapsedMs: number): string {
  // Tenths of a second: further digits only flicker.
  const elapsed = duration(Math.round(elapsedMs / 100) * 100)
  if (message === undefined) return `shakedown: starting, ${elapsed}`
  const { files, filesDone, testsDone, failed } = message
  const failures = failed === 0 ? [] : [`${failed} failed`]
  const facts = [`${filesDone} of ${count(files, 'file')}`, count(testsDone, 'test'), ...failures, elapsed]
  return `shakedown: ${facts.join(', ')}`
}
