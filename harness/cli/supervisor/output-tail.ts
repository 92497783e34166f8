import { safe } from '../../../reporters/text/terminal.ts'

/** What is kept of a process's output: a screen of it explains a death, more does not. */
const CHARS_MAX = 16_384
const LINES_MAX = 10

/** Remembers the end of an output, in bounded memory. */
export class OutputTail {
  #text = ''
  readonly #decoder = new TextDecoder()

  add(chunk: Uint8Array): void {
    this.#text = (this.#text + this.#decoder.decode(chunk, { stream: true })).slice(-CHARS_MAX)
  }

  /** The last lines that are not blank. */
  text(): string {
    const lines = safe(this.#text).split('\n')
    return lines
      .filter((line) => line.trim() !== '')
      .slice(-LINES_MAX)
      .join('\n')
  }
}
