import type { ErrorInfo } from '../report/error-info.ts'
import type { Phase, Timeout } from '../report/model.ts'
import type { Hang, TestFinished } from '../journal/events.ts'
import { projectOf } from './tally.ts'
import type { FileTally, RunTally } from './tally.ts'

/**
 * How Vitest 4.1 and 5.1 word their timeouts; there is no other mark on the error.
 * Vitest 5 adds ` while waiting for …` after the limit.
 */
const TEST_TIMED_OUT = /^Test timed out in (\d+)ms/
const HOOK_TIMED_OUT = /^Hook timed out in (\d+)ms/
const AROUND_HOOK_TIMED_OUT = /^The \w+ phase of "(?:aroundEach|aroundAll)" hook timed out after (\d+)ms/

/** What an error says about a timeout; `undefined` when it is another error. */
function timeoutIn(error: ErrorInfo): { kind: 'test' | 'hook'; limitMs: number } | undefined {
  const test = TEST_TIMED_OUT.exec(error.message)
  if (test) return { kind: 'test', limitMs: Number(test[1]) }
  const hook = HOOK_TIMED_OUT.exec(error.message) ?? AROUND_HOOK_TIMED_OUT.exec(error.message)
  return hook ? { kind: 'hook', limitMs: Number(hook[1]) } : undefined
}

/** True when a failure is the timeout itself and not an assertion that failed besides. */
export function isTimeout(errors: readonly ErrorInfo[]): boolean {
  return errors[0] !== undefined && timeoutIn(errors[0]) !== undefined
}

/** Everything that ran out of time: tests and hooks as Vitest reports them, files and runs as a watchdog does. */
export function timeoutsOf(run: RunTally): Timeout[] {
  return [...[...run.files.values()].flatMap(timeoutsInFile), ...run.hangs.map((hang) => fromHang(hang, ''))]
}

function timeoutsInFile(file: FileTally): Timeout[] {
  const found: Timeout[] = []
  const add = (errors: readonly ErrorInfo[], phase: Phase, test?: string, ran?: TestFinished): void => {
    for (const error of errors) {
      const timeout = timeoutIn(error)
      if (!timeout) continue
      found.push({
        file: file.file,
        ...projectOf(file),
        ...(test === undefined ? {} : { test }),
        kind: timeout.kind,
        phase: timeout.kind === 'hook' && phase === 'test' ? 'hook' : phase,
        limitMs: timeout.limitMs,
        // A suite's hook has no duration of its own; it ran until the limit.
        elapsedMs: ran?.durationMs ?? timeout.limitMs,
        ...(ran && ran.retries > 0 ? { attempts: ran.retries + 1 } : {}),
        ...(error.location ? { location: error.location } : {}),
      })
      // A test that is tried again has an error of each attempt.
      if (ran) return
    }
  }
  for (const test of file.tests.values())
    if (test.status === 'failed') add(test.errors, test.phase, test.test, test)
  for (const suite of file.suites) add(suite.errors, suite.phase, suite.suite)
  if (file.finished) add(file.finished.errors, file.finished.phase)
  if (file.hang) found.push(fromHang(file.hang, file.file))
  return found
}

function fromHang(hang: Hang, file: string): Timeout {
  const { kind, phase, limitMs, elapsedMs, test, location, stack, resources } = hang
  return {
    file,
    ...projectOf(hang),
    ...(test === undefined ? {} : { test }),
    kind,
    phase,
    limitMs,
    elapsedMs,
    ...(location ? { location } : {}),
    ...(stack === undefined ? {} : { stack }),
    ...(resources ? { resources } : {}),
  }
}
