import type { Environment } from '../settings/environment.ts'
import { inAscii } from '../../reporters/text/ascii.ts'
import { WIDTH } from '../../reporters/text/layout.ts'

/** Where a command writes and what that place can show. Tests hand in their own. */
export interface Output {
  /** The answer: tables, reports, JSON. */
  readonly stdout: Stream
  /** Everything on the way there: progress, errors. */
  readonly stderr: Stream
}

export interface Stream {
  readonly write: (text: string) => void
  /** A cursor can be moved in it. */
  readonly isTerminal: boolean
  readonly color: boolean
  /** Columns to fill at most. */
  readonly width: number
}

/** What Node says of one of its two streams: of a file or a pipe nothing but how to write to it. */
export interface NodeStream {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** This process's own two streams, unless others are given. */
export function processOutput(
  environment: Environment,
  { stdout, stderr }: { readonly stdout: NodeStream; readonly stderr: NodeStream } = process,
): Output {
  return { stdout: streamOf(stdout, environment), stderr: streamOf(stderr, environment) }
}

function streamOf(stream: NodeStream, { color, dumbTerminal, asciiTerminal }: Environment): Stream {
  const isTTY = stream.isTTY === true
  const isTerminal = isTTY && !dumbTerminal
  const isAscii = isTTY && asciiTerminal
  return {
    write: (text) => void stream.write(isAscii ? inAscii(text) : text),
    isTerminal,
    color: color ?? isTerminal,
    // A terminal that does not know its width says 0.
    width: Math.min(stream.columns || WIDTH, WIDTH),
  }
}
