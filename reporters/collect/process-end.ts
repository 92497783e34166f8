import type { Vitest } from 'vitest/node'
import { AfterTests } from './after-tests.ts'

/** How a process that ran Vitest ends. */
export interface ProcessEnded {
  readonly exitCode: number
  /** What was called an error after the last test; may be empty. */
  readonly complaints: string
}

/** What the process would end with now. */
export function exitCodeSoFar(): number {
  return Number(process.exitCode ?? 0)
}

/**
 * Follows a plain `vitest run` from the end of its tests to its own: coverage, the teardowns of `globalSetup` and what
 * else comes then decide with what it ends. With a supervisor that is the supervisor's to follow.
 *
 * @param onEnd called once, when Vitest is closed or the process exits, whichever is first: nothing may wait in it
 */
export function followProcess(vitest: Vitest, onEnd: (end: ProcessEnded) => void): void {
  const after = new AfterTests()
  let ended = false
  const end = (exitCode: number): void => {
    if (ended) return
    ended = true
    process.off('exit', end)
    after.stop()
    onEnd({ exitCode, complaints: after.complaints })
  }
  after.listen(vitest)
  // Not Vitest's own end: a teardown that hangs or an error ends the process before it.
  process.once('exit', end)
  vitest.onClose(() => {
    // Its teardowns have failed or not only when all of it is closed. Asked again, it gives the promise it has.
    void vitest.close().finally(() => end(exitCodeSoFar()))
  })
}
