import type { Environment } from '../settings/environment.ts'
import { WIDTH } from '../../reporters/text/layout.ts'
import { columnsOf, type NodeStream, writeText } from '../../reporters/text/output-stream.ts'

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
  return {
    write: (text) => writeText(stream, text, asciiTerminal),
    isTerminal,
    color: color ?? isTerminal,
    width: columnsOf(stream, WIDTH),
  }
}
