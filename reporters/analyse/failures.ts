import type { ErrorInfo } from '../report/error-info.ts'
import { THE_RUN } from '../report/model.ts'
import type { FileStatus } from '../report/files.ts'
import type { Failure } from '../report/model.ts'
import type { ScenarioItem } from '../report/scenarios.ts'
import { isTimeout } from './timeouts.ts'
import { projectOf } from './tally.ts'
import type { FileTally, RunTally } from './tally.ts'

/** What became of a file, worst first: what it lost counts more than what it finished. */
export function fileStatus(file: FileTally): FileStatus {
  if (file.hang) return 'timeout'
  if (file.crash) return 'crashed'
  if (file.notRun) return 'notRun'
  if (!file.finished) return 'lost'
  const failures = failuresIn(file)
  if (failures.length > 0) return failures.every(({ status }) => status === 'timeout') ? 'timeout' : 'failed'
  return file.finished.status
}

/** Everything that turned the run red, except async errors and gates; files in the order they were queued. */
export function failuresOf(run: RunTally): Failure[] {
  const inFiles = [...run.files.values()].flatMap((file) =>
    failuresIn(file).concat(unfinishedFile(file, run)),
  )
  return inFiles.concat(
    run.failed.map(({ error }) => ({ ...OF_THE_RUN, error })),
    run.lost.map(({ message }) => ({ ...OF_THE_RUN, status: 'lost', error: { ...UNKNOWN, message } })),
  )
}

/** A failure that belongs to no file still has a place where readers look for one. */
const OF_THE_RUN: Omit<Failure, 'error'> = {
  file: THE_RUN,
  test: null,
  status: 'failed',
  phase: 'close',
  durationMs: 0,
  retries: 0,
  moreErrors: [],
}

function failuresIn(file: FileTally): Failure[] {
  const failures: Failure[] = []
  const add = (
    failure: Pick<Failure, 'test' | 'phase' | 'durationMs' | 'retries' | 'checks' | 'runIds'>,
    errors: readonly ErrorInfo[],
  ) => {
    const [error, ...moreErrors] = errors
    if (error) failures.push({ ...where(file), ...failure, status: statusOf(errors), error, moreErrors })
  }
  const { finished } = file
  if (finished)
    add({ test: null, phase: finished.phase, durationMs: finished.durationMs, retries: 0 }, finished.errors)
  for (const { suite, phase, errors } of file.suites)
    add({ test: suite, phase, durationMs: 0, retries: 0 }, errors)
  for (const { test, status, phase, durationMs, retries, errors, fails, scenario } of file.tests.values())
    if (status === 'failed')
      add(
        { test, phase, durationMs, retries, ...partsOf(scenario) },
        fails ? [UNEXPECTED_PASS] : errors.length > 0 ? errors : [UNKNOWN],
      )
  return failures
}

function partsOf(scenario: ScenarioItem | undefined): Pick<Failure, 'checks' | 'runIds'> {
  if (scenario === undefined) return {}
  const { problems, runIds } = scenario
  return { ...(problems.length > 0 && { checks: problems }), ...(runIds.length > 0 && { runIds }) }
}

function statusOf(errors: readonly ErrorInfo[]): Failure['status'] {
  return isTimeout(errors) ? 'timeout' : 'failed'
}

const UNKNOWN: ErrorInfo = {
  name: 'Error',
  message: 'The test failed without an error.',
  stack: null,
  diff: null,
  location: null,
  causes: [],
}

/** Vitest says `Expect test to fail`, or nothing. */
const UNEXPECTED_PASS: ErrorInfo = {
  ...UNKNOWN,
  message: 'The test is expected to fail (`fails`), but it passed.',
}

/** The entry for a file that never reached its end. */
function unfinishedFile(file: FileTally, run: RunTally): Failure[] {
  const status = fileStatus(file)
  if (file.finished || status === 'notRun') return []
  const started = [...file.running.values()].at(-1)
  const test = started?.test ?? null
  const durationMs = ranMs(started?.atMs ?? file.startedAtMs, run)
  const base = { ...where(file), test, durationMs, retries: 0, moreErrors: [] }
  const phase = phaseOf(file, test)
  if (file.hang) {
    const { limitMs, elapsedMs, location, stack } = file.hang
    const message = `The file was stopped: it did not end within ${limitMs} ms.`
    const error = { ...UNKNOWN, message, location: location ?? null, stack: stack ?? null }
    return [
      {
        ...base,
        test: file.hang.test ?? test,
        status: 'timeout',
        phase: file.hang.phase,
        durationMs: elapsedMs,
        error,
      },
    ]
  }
  if (file.crash) return [{ ...base, status: 'crashed', phase, error: file.crash.error }]
  return [{ ...base, status: 'lost', phase, error: { ...UNKNOWN, message: lostMessage(file, run, test) } }]
}

function lostMessage(file: FileTally, run: RunTally, test: string | null): string {
  const interrupted = run.ended?.status === 'interrupted'
  const because = interrupted
    ? 'the run was interrupted'
    : run.ended
      ? 'no reason was recorded'
      : 'the run was killed'
  if (file.startedAtMs === undefined) return `The file never started: ${because}.`
  if (file.collected === undefined) return `The file began to import and never got further: ${because}.`
  return test === null
    ? `The file never reached its end: ${because}.`
    : `The file never reached its end: ${because}. This test was running.`
}

function phaseOf(file: FileTally, runningTest: string | null): Failure['phase'] {
  if (runningTest !== null) return 'test'
  return file.startedAtMs !== undefined && file.collected === undefined ? 'import' : 'unknown'
}

/** What began then ran until the last thing the journal knows of. */
function ranMs(startedAtMs: number | undefined, run: RunTally): number {
  return startedAtMs === undefined ? 0 : Math.max(0, run.lastAtMs - startedAtMs)
}

function where(file: FileTally): Pick<Failure, 'file' | 'project'> {
  return { file: file.file, ...projectOf(file) }
}
