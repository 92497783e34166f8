import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import {
  anError,
  runEnded,
  runStarted,
  START_MS,
  startedFile,
  testFinished,
  wholeFile,
  wholeRun,
} from '../support/events.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

const FILE = 'tests/a.test.ts'

function verdict({ run: { status, exitCode, end } }: RunReport): object {
  return { status, exitCode, end }
}

test('a file that never reached its end is lost, with the test that was running', () => {
  const events = [...startedFile(FILE, 3), testFinished(FILE, 'first', 'passed'), started('second')]
  const report = buildReport([runStarted(), ...events, runEnded('passed')])
  expect(verdict(report)).toEqual({ status: 'incomplete', exitCode: 4, end: 'finished' })
  expect(report.totals).toMatchObject({ lost: 1, tests: 3, passed: 1, unfinished: 2 })
  expect(report.failures).toEqual([
    expect.objectContaining({ file: FILE, test: 'second', status: 'lost', phase: 'test' }),
  ])
})

test('the test that was running when its file was lost has run since its own start, not since that of the file', () => {
  const second = { ...started('second'), atMs: START_MS + 600 }
  const events = [...startedFile(FILE, 3), testFinished(FILE, 'first', 'passed'), second]
  const { failures } = buildReport([runStarted(), ...events, runEnded('interrupted', START_MS + 1_000)])
  expect(failures).toEqual([expect.objectContaining({ test: 'second', durationMs: 400 })])
})

test('a test whose start is reported after its end has ended', () => {
  const file = wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')])
  const report = buildReport([runStarted(), ...file, started('adds'), runEnded('passed')])
  expect(verdict(report)).toEqual({ status: 'passed', exitCode: 0, end: 'finished' })
  expect(report.totals).toMatchObject({ tests: 1, passed: 1, unfinished: 0 })
})

test('a run that was killed reports what it owed: running, importing and queued files are lost', () => {
  const events: JournalEvent[] = [
    ...startedFile('running.test.ts', 2),
    { ...started('spins'), file: 'running.test.ts' },
    { type: 'file-queued', atMs: START_MS, file: 'importing.test.ts' },
    { type: 'file-started', atMs: START_MS, file: 'importing.test.ts' },
    { type: 'file-queued', atMs: START_MS, file: 'queued.test.ts' },
  ]
  const report = buildReport([runStarted(), ...events])
  expect(verdict(report)).toEqual({ status: 'incomplete', exitCode: 4, end: 'killed' })
  expect(report.failures.map(({ file, phase, error }) => [file, phase, error.message])).toEqual([
    ['running.test.ts', 'test', 'The file never reached its end: the run was killed. This test was running.'],
    ['importing.test.ts', 'import', 'The file began to import and never got further: the run was killed.'],
    ['queued.test.ts', 'unknown', 'The file never started: the run was killed.'],
  ])
})

test('a killed run with a failed test keeps exit code 1', () => {
  const report = buildReport([
    runStarted(),
    ...startedFile(FILE, 2),
    testFinished(FILE, 'adds', 'failed', { errors: [anError('boom')] }),
  ])
  expect(verdict(report)).toEqual({ status: 'incomplete', exitCode: 1, end: 'killed' })
})

test('a crash that names its file belongs to that file', () => {
  const crash: JournalEvent = {
    type: 'worker-crashed',
    atMs: START_MS,
    file: FILE,
    error: anError('SIGKILL'),
  }
  const report = buildReport([
    runStarted(),
    ...startedFile(FILE, 1),
    ...startedFile('b.test.ts', 1),
    crash,
    runEnded('failed'),
  ])
  expect(report.files.map(({ path, status }) => [path, status])).toEqual([
    [FILE, 'crashed'],
    ['b.test.ts', 'lost'],
  ])
  expect(report.asyncErrors).toEqual([])
})

test('a nameless crash belongs to the one file that started and did not end', () => {
  const crash: JournalEvent = {
    type: 'worker-crashed',
    atMs: START_MS,
    file: null,
    error: anError('Worker exited unexpectedly'),
  }
  const report = buildReport([runStarted(), ...startedFile(FILE, 1), crash, runEnded('failed')])
  expect(report.files[0]?.status).toBe('crashed')
})

test('a nameless crash with two candidates is blamed on neither and still shown', () => {
  const crash: JournalEvent = {
    type: 'worker-crashed',
    atMs: START_MS,
    file: null,
    error: anError('Worker exited unexpectedly'),
  }
  const report = buildReport([
    runStarted(),
    ...startedFile(FILE, 1),
    ...startedFile('b.test.ts', 1),
    crash,
    runEnded('failed'),
  ])
  expect(report.files.map(({ status }) => status)).toEqual(['lost', 'lost'])
  expect(report.asyncErrors).toEqual([expect.objectContaining({ file: null, kind: 'uncaughtException' })])
})

test('an async error fails a run whose tests all passed, with exit code 4', () => {
  const events = wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')])
  const floating: JournalEvent = {
    type: 'unhandled-error',
    atMs: START_MS,
    kind: 'unhandledRejection',
    confidence: 'file',
    file: FILE,
    during: 'adds',
    error: anError('floating'),
  }
  const report = buildReport([runStarted(), ...events, floating, runEnded('failed')])
  expect(verdict(report)).toEqual({ status: 'failed', exitCode: 4, end: 'finished' })
  expect(report.asyncErrors).toEqual([
    {
      file: FILE,
      confidence: 'file',
      kind: 'unhandledRejection',
      error: anError('floating'),
      during: 'adds',
    },
  ])
})

test('a file that a watchdog gave up on is timed out, where it was stuck', () => {
  const location = { file: FILE, line: 5, column: 3 }
  const hang: JournalEvent = {
    type: 'hang',
    atMs: START_MS,
    kind: 'file',
    file: FILE,
    test: 'spins',
    phase: 'test',
    limitMs: 100,
    elapsedMs: 130,
    location,
    stack: 'at spin',
  }
  const report = buildReport([runStarted(), ...startedFile(FILE, 1), hang, runEnded('failed')])
  expect(report.timeouts).toEqual([
    {
      file: FILE,
      test: 'spins',
      kind: 'file',
      phase: 'test',
      limitMs: 100,
      elapsedMs: 130,
      location,
      stack: 'at spin',
    },
  ])
  expect(report.failures).toEqual([
    expect.objectContaining({
      status: 'timeout',
      test: 'spins',
      error: expect.objectContaining({ location }),
    }),
  ])
  expect(report.run.exitCode).toBe(4)
})

test('a run that passed and would not close is not passed', () => {
  const hang: JournalEvent = {
    type: 'hang',
    atMs: START_MS,
    kind: 'run',
    file: null,
    phase: 'close',
    limitMs: 10_000,
    elapsedMs: 10_000,
  }
  const report = buildReport([...wholeRun(wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')])), hang])
  expect(verdict(report)).toEqual({ status: 'failed', exitCode: 4, end: 'finished' })
  expect(report.timeouts).toEqual([
    { file: '', kind: 'run', phase: 'close', limitMs: 10_000, elapsedMs: 10_000 },
  ])
})

function started(name: string): JournalEvent & { type: 'test-started' } {
  return { type: 'test-started', atMs: START_MS, file: FILE, id: name, test: name }
}

test.each([
  ['named, as Vitest 5 does', FILE],
  ['nameless, as Vitest 4 does', null],
])('a file that was stopped because it hung is told once, its worker %s', (_, crashed) => {
  const hang = {
    type: 'hang',
    atMs: START_MS,
    kind: 'file',
    file: FILE,
    phase: 'test',
    limitMs: 5,
    elapsedMs: 6,
  } as const
  const crash = {
    type: 'worker-crashed',
    atMs: START_MS,
    file: crashed,
    error: anError('Worker exited'),
  } as const
  const report = buildReport(wholeRun([...startedFile(FILE, 1), hang, crash], 'failed'))
  expect(report.failures.map(({ status }) => status)).toEqual(['timeout'])
  expect(report.timeouts).toHaveLength(1)
  expect(report.asyncErrors).toEqual([])
  // A second crash is another file's, or nobody's: it is still told.
  const two = buildReport(
    wholeRun([...startedFile(FILE, 1), hang, crash, { ...crash, file: null }], 'failed'),
  )
  expect(two.asyncErrors).toHaveLength(1)
})

test('a hang belongs to the project whose file it was', () => {
  const inOne = startedFile(FILE, 1).map((event) => Object.assign({}, event, { project: 'one' }))
  const hang = {
    type: 'hang',
    atMs: START_MS,
    kind: 'file',
    file: FILE,
    project: 'one',
    phase: 'test',
    limitMs: 5,
    elapsedMs: 6,
  } as const
  const report = buildReport(wholeRun([...inOne, hang], 'failed'))
  expect(report.files.map(({ project, status }) => [project, status])).toEqual([['one', 'timeout']])
  expect(report.timeouts.map(({ project }) => project)).toEqual(['one'])
})
