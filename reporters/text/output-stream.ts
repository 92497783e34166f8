import { inAscii } from './ascii.ts'

/** What Node says of a stream: of a file or a pipe nothing but how to write to it. */
export interface NodeStream {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/**
 * Writes text with our signs in it: a terminal that has only ASCII is given them in ASCII. A file or a pipe is always
 * UTF-8.
 *
 * @param asciiTerminal what the locale of this process says of its terminal
 */
export function writeText(stream: NodeStream, text: string, asciiTerminal: boolean): void {
  stream.write(stream.isTTY === true && asciiTerminal ? inAscii(text) : text)
}

/** What a pipe, a file, a CI log, or a terminal that does not know its width and says 0, is taken for. */
const COLUMNS_DEFAULT = 80

/** The columns to fill. */
export function columnsOf({ columns }: Pick<NodeStream, 'columns'>, columnsMax: number): number {
  return Math.min(columns || COLUMNS_DEFAULT, columnsMax)
}
