import type { Environment } from '../settings/environment.ts'
import { prose, WIDTH } from '../../reporters/text/layout.ts'
import { EXIT } from './exit-code.ts'

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
  // A reader that has seen enough (`| head`) closes the pipe; that is no fault of ours and no reader is left to tell.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') tellLost(stream, error)
  })
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    color: color ?? isTerminal,
    width: Math.min(stream.isTTY ? stream.columns : WIDTH, WIDTH),
  }
}

let lostIsTold = false

/**
 * The answer did not arrive: a disk is full. What the command came to stays its exit code; only success becomes 2.
 * What cannot be written to the error stream cannot be told anywhere, and is no answer.
 */
function tellLost(stream: NodeJS.WriteStream, { message }: Error): void {
  if (stream !== process.stdout || lostIsTold) return
  lostIsTold = true
  const sentence = `Expected standard output to take what is written to it, got ${message}.`
  process.stderr.write(`shakedown: E_OUTPUT\n\n${prose(sentence)}\n`)
  // The command may still be at work, and sets its own code when it is done.
  process.once('exit', () => (process.exitCode ||= EXIT.usage))
}
