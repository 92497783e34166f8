import type { Environment } from '../settings/environment.ts'
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

/** This process's own two streams. */
export function processOutput(environment: Environment): Output {
  return { stdout: streamOf(process.stdout, environment), stderr: streamOf(process.stderr, environment) }
}

function streamOf(stream: NodeJS.WriteStream, { color, dumbTerminal }: Environment): Stream {
  const isTerminal = stream.isTTY && !dumbTerminal
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    color: color ?? isTerminal,
    width: Math.min(stream.isTTY ? stream.columns : WIDTH, WIDTH),
  }
}
