import { stripVTControlCharacters } from 'node:util'

/** Rows of text in columns, each as wide as its widest cell. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length)
  return rows
    .map((row) => row.map((cell, at) => padded(cell, widths[at] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Numbers stand right, everything else left. */
function padded(cell: string, width: number): string {
  return /^[\d ]+$/.test(cell) ? cell.padStart(width) : cell.padEnd(width)
}

/** What is being done just now: a line that is written over on a terminal, a line each elsewhere. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  #shown = false

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream
  }

  show(text: string): void {
    if (!this.#stream.isTTY || process.env['CI'] !== undefined) {
      this.#stream.write(`${text}\n`)
      return
    }
    const plain = stripVTControlCharacters(text).slice(0, this.#stream.columns - 1)
    this.#stream.write(`\r\u001B[2K${plain}`)
    this.#shown = true
  }

  /** Takes the line away. */
  done(): void {
    if (this.#shown) this.#stream.write('\r\u001B[2K')
    this.#shown = false
  }
}
