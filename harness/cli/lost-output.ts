import { EXIT } from './exit-code.ts'

/*
 * What is written and does not arrive. It imports next to nothing: also the quickest answer, `--version`, can be
 * written to a full disk.
 */

/** Says so, once, when standard output takes no more. Call it before anything is written. */
export function watchOutput(): void {
  let told = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isReaderGone(error) || told) return
    told = true
    process.stderr.write(
      `shakedown: E_OUTPUT\n\nExpected standard output to take what is written to it, got:\n${error.message}\n`,
    )
    // What the command came to stays its exit code; only success becomes 2. It may still be at work, and sets its own
    // code when it is done.
    process.once('exit', () => (process.exitCode ||= EXIT.usage))
  })
  // What cannot be written to the error stream cannot be told anywhere, and is no answer.
  process.stderr.on('error', () => {})
}

/** A reader that has seen enough (`| head`) closes the pipe; that is no fault of ours and no reader is left to tell. */
function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE'
}
