import type { ErrorInfo } from '../../../reporters/report/error-info.ts'
import type {
  FileFinished,
  JournalEvent,
  RunEnded,
  RunStarted,
  SuiteFailed,
  TestFinished,
} from '../../../reporters/journal/events.ts'

/** 2026-11-20T09:46:40Z; every event of a journal built here happens at this time unless it says otherwise. */
export const START_MS = 1_795_168_000_000

/** An error as the journal keeps it. */
export function anError(message: string, more: Partial<ErrorInfo> = {}): ErrorInfo {
  return { name: 'Error', message, stack: null, diff: null, location: null, causes: [], ...more }
}

export function runStarted(more: Partial<RunStarted> = {}): RunStarted {
  return {
    type: 'run-started',
    atMs: START_MS,
    journalVersion: 1,
    runId: '2026-11-20T09-46-40-000Z-3fa91c',
    vitest: '5.1.0',
    node: '24.21.0',
    commit: '13b1692c0ffee13b1692c0ffee13b1692c0ffee1',
    branch: 'main',
    ci: null,
    shard: null,
    passWithNoTests: false,
    root: '.',
    budgets: {},
    ...more,
  }
}

export function runEnded(status: RunEnded['status'], atMs: number = START_MS + 1_000): RunEnded {
  return { type: 'run-ended', atMs, status }
}

export function testFinished(
  file: string,
  test: string,
  status: TestFinished['status'],
  more: Partial<TestFinished> = {},
): TestFinished {
  return {
    type: 'test-finished',
    atMs: START_MS + 100,
    file,
    id: test,
    test,
    status,
    durationMs: 5,
    retries: 0,
    errors: [],
    phase: 'test',
    reason: null,
    ...more,
  }
}

export function suiteFailed(file: string, suite: string, more: Partial<SuiteFailed> = {}): SuiteFailed {
  return {
    type: 'suite-failed',
    atMs: START_MS + 100,
    file,
    suite,
    phase: 'beforeAll',
    errors: [anError('no server')],
    ...more,
  }
}

/** A file from its queue to its end, with the results given. */
export function wholeFile(
  file: string,
  results: readonly JournalEvent[],
  more: Partial<FileFinished> = {},
): JournalEvent[] {
  return [
    ...startedFile(file, results.filter(({ type }) => type === 'test-finished').length),
    ...results,
    fileFinished(file, more),
  ]
}

/** A file that was taken by a worker and declared so many tests. */
export function startedFile(file: string, tests: number): JournalEvent[] {
  const at = { atMs: START_MS, file }
  return [
    { type: 'file-queued', ...at },
    { type: 'file-started', ...at },
    { type: 'file-collected', ...at, tests },
  ]
}

export function fileFinished(file: string, more: Partial<FileFinished> = {}): FileFinished {
  return {
    type: 'file-finished',
    atMs: START_MS + 200,
    file,
    status: 'passed',
    durationMs: 100,
    phase: 'import',
    errors: [],
    ...more,
  }
}

/** One run of one process, from its start to its end. */
export function wholeRun(
  events: readonly JournalEvent[],
  status: RunEnded['status'] = 'passed',
): JournalEvent[] {
  return [runStarted(), ...events, runEnded(status)]
}
