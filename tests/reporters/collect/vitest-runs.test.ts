import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { readJournal } from '../../../reporters/journal/reader.ts'
import { failureLines } from '../support/failure-lines.ts'
import { runFixture } from '../support/run-fixture.ts'
import { tempDir } from '../support/temp-dir.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

/** A real Vitest starts in about a second; on a busy machine in a few. */
const RUN_MS = 60_000

test('every way to fail is reported with what, where and in which hook', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const run = await runFixture('reporters/mixed', { reportDir: dir.path })
  const report = run.report()
  expect(run.exitCode).toBe(1)
  expect(report.run).toMatchObject({
    status: 'failed',
    exitCode: 1,
    end: 'finished',
    vitest: expect.stringMatching(/^5\./),
  })
  expect(failureLines(report)).toEqual([
    'b-fails.test.ts > broken beforeAll: failed in beforeAll: no server',
    'b-fails.test.ts > broken afterAll: failed in afterAll: server would not stop',
    'b-fails.test.ts > cart > sums its lines: failed in test: expected { lines: 2, total: 30 } to deeply equal { lines: 2, total: 31 }',
    'b-fails.test.ts > throws what is no error: failed in test: just text',
    'b-fails.test.ts > throws with a cause: failed in test: the order failed',
    'b-fails.test.ts > throws without a stack: failed in test: nowhere',
    'b-fails.test.ts > compares twice: failed in test: expected 1 to be 2 // Object.is equality',
    'b-fails.test.ts > broken beforeEach > never gets to run: failed in beforeEach: no database',
    'b-fails.test.ts > broken afterEach > is fine itself: failed in afterEach: could not clean up',
    'c-times-out.test.ts > slow server: timeout in beforeAll: Hook timed out in 50ms.',
    'c-times-out.test.ts > never settles: timeout in test: Test timed out in 50ms.',
    'c-times-out.test.ts > slow setup > waits for it: timeout in beforeEach: Hook timed out in 50ms.',
    'f-throws-on-import.test.ts > -: failed in import: broken at import',
    'g-has-no-tests.test.ts > -: failed in import: No test suite found in file g-has-no-tests.test.ts',
    'i-exits.test.ts > ends the process: failed in test: process.exit unexpectedly called with "3" (test file: i-exits.test.ts)',
  ])
  expect(report.failures[2]).toMatchObject({
    error: {
      name: 'AssertionError',
      diff: expect.stringContaining('-   "total": 31,\n+   "total": 30,'),
      location: { file: 'b-fails.test.ts', line: 5, column: expect.any(Number) },
    },
  })
  expect(report.failures[4]?.error.causes).toEqual([expect.objectContaining({ message: 'connection reset' })])
  expect(report.failures[6]?.moreErrors).toHaveLength(1)
  expectRemarks(report)
  // The files and the summary say the same; the journal alone gives the same report.
  expect(run.output).toContain('── FAILURE SUMMARY ──')
  expect(run.output).toContain('Total failures: 15 · 2 async errors · 1 flaky · exit code 1')
  expect(buildReport(readJournal(run.journal()).events)).toEqual(report)
  expect(readdirSync(dir.path).toSorted()).toEqual(['journal', 'report.html', 'report.json', 'report.md'])
  expect(readFileSync(path.join(dir.path, 'report.json'), 'utf8')).not.toContain(
    path.resolve(import.meta.dirname, '../../..'),
  )
})

function expectRemarks(report: RunReport): void {
  expect(report.totals).toEqual({
    files: 9,
    tests: 23,
    passed: 7,
    failed: 8,
    skipped: 5,
    todo: 1,
    deselected: 0,
    timedOut: 2,
    lost: 0,
    notRun: 0,
    failedAsExpected: 0,
    unfinished: 0,
    flaky: 1,
  })
  expect(
    report.timeouts.map(({ kind, phase, test: name, limitMs, location }) => [
      kind,
      phase,
      name,
      limitMs,
      location?.line,
    ]),
  ).toEqual([
    ['test', 'test', 'never settles', 50, 3],
    ['hook', 'beforeEach', 'slow setup > waits for it', 50, 6],
    ['hook', 'beforeAll', 'slow server', 50, 11],
  ])
  expect(
    report.asyncErrors.map(({ file, kind, error, during, confidence }) => [
      file,
      kind,
      error.message,
      during,
      confidence,
    ]),
  ).toEqual([
    ['d-floats.test.ts', 'unhandledRejection', 'nobody waits for me', 'forgets a promise', 'file'],
    ['d-floats.test.ts', 'uncaughtException', 'too late', 'throws in a timer', 'file'],
  ])
  expect(report.flaky).toEqual([
    expect.objectContaining({
      test: 'passes when tried again',
      retries: 1,
      error: expect.objectContaining({ message: 'not warm yet' }),
    }),
  ])
  expect(report.skipped.map(({ test: name, kind, reason }) => [name, kind, reason])).toEqual([
    ['broken beforeAll > is skipped by it', 'skipped', "beforeAll of 'broken beforeAll' failed"],
    ['slow server > needs it', 'skipped', "beforeAll of 'slow server' failed"],
    ['left out by hand', 'skipped', null],
    ['needs docker', 'skipped', 'docker is not running'],
    ['to be written', 'todo', null],
    ['a whole group > inside', 'skipped', null],
  ])
  expect(report.warnings).toMatchObject({
    total: 3_002,
    byFile: [{ file: 'h-warns.test.ts', count: 3_002 }],
    overflow: 0,
  })
  expect(report.warnings.top[0]).toMatchObject({
    fingerprint: 'retry # took # ms',
    count: 3_000,
    sample: 'retry 0 took 0 ms',
  })
}

test('a run that passes leaves its reports and a short summary', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const run = await runFixture('reporters/passing', { reportDir: dir.path })
  expect(run.exitCode).toBe(0)
  expect(run.report().run).toMatchObject({ status: 'passed', exitCode: 0 })
  expect(run.output).toMatch(/✓ PASSED\n.*\n\n Files +2 passed\n Tests +3 passed\n/)
  expect(run.output).not.toContain('FAILURE')
})

test('tests that a name filter leaves out are deselected and not skipped', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const run = await runFixture('reporters/passing', { reportDir: dir.path, args: ['-t', 'login'] })
  expect(run.report().totals).toMatchObject({ passed: 1, deselected: 2, skipped: 0 })
  expect(run.report().skipped).toContainEqual({
    file: 'two.test.ts',
    test: 'search works',
    kind: 'deselected',
    reason: '-t /login/',
  })
})

test('a run without test files is failed', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const run = await runFixture('reporters/passing', { reportDir: dir.path, args: ['nothing-like-this'] })
  expect(run.exitCode).toBe(1)
  expect(run.report().run).toMatchObject({ status: 'failed', exitCode: 1 })
  expect(run.output).toContain('✗ FAILED: no test files were found')
})

test(
  'scenarios are reported with their measurements, failures point into the scenario file',
  { timeout: RUN_MS },
  async () => {
    using dir = tempDir()
    const report = (await runFixture('reporters/scenarios', { reportDir: dir.path })).report()
    expect(report.scenarios).toMatchObject({
      total: 3,
      passed: 1,
      failed: 1,
      vacuous: 1,
      faultsFired: 4,
      virtualMs: 900,
      wallMs: 4.5,
    })
    expect(report.scenarios.items[0]).toEqual({
      file: 'orders.scenario.ts',
      name: 'passes',
      status: 'passed',
      virtualMs: 300,
      wallMs: 1.5,
      attempts: 3,
      faultsFired: 2,
      runIds: ['run-1'],
      digest: 'abc',
      problems: [],
      remarks: [],
      subjectError: null,
    })
    expect(report.scenarios.items.slice(1).map(({ status, problems }) => ({ status, problems }))).toEqual([
      {
        status: 'failed',
        problems: [
          {
            code: 'E_ORACLE',
            oracle: 'attempts-add-up',
            message: 'see orders.scenario.yaml',
            location: { file: 'orders.scenario.yaml', line: 8, column: 5 },
          },
        ],
      },
      {
        status: 'vacuous',
        problems: [{ code: 'E_VACUOUS', oracle: 'vacuity', message: 'it never fired', location: null }],
      },
    ])
    expect(report.failures[0]?.error.location).toEqual({ file: 'orders.scenario.yaml', line: 8, column: 5 })
  },
)

test('no secret reaches any file or the terminal', { timeout: RUN_MS }, async () => {
  using dir = tempDir()
  const run = await runFixture('reporters/secrets', {
    reportDir: dir.path,
    options: { redact: ['correct horse battery'] },
  })
  const written = ['report.json', 'report.md', 'report.html'].map((name) => path.join(dir.path, name))
  for (const file of [...written, run.journal()]) {
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('[redacted')
    expect(text).not.toMatch(/correct.horse|a1b2c3d4e5a1b2/)
  }
  expect(run.output).not.toMatch(/correct.horse|a1b2c3d4e5a1b2/)
})

test(
  'asked for neither files nor a summary, the reporter only keeps its journal',
  { timeout: RUN_MS },
  async () => {
    using dir = tempDir()
    const run = await runFixture('reporters/passing', {
      reportDir: dir.path,
      options: { files: false, print: false },
    })
    expect(readdirSync(dir.path)).toEqual(['journal'])
    expect(run.output).not.toContain('PASSED')
  },
)

test(
  'a report folder that cannot be written stops the run before its first test',
  { timeout: RUN_MS },
  async () => {
    using dir = tempDir()
    const run = await runFixture('reporters/passing', { reportDir: path.join(import.meta.filename, 'below') })
    expect(run.exitCode).toBe(1)
    expect(run.output).toContain('to be writable, got ')
    expect(readdirSync(dir.path)).toEqual([])
  },
)

test(
  'the root of a failure reaches the report, also where no error was thrown',
  { timeout: RUN_MS },
  async () => {
    using dir = tempDir()
    const report = (await runFixture('reporters/thrown', { reportDir: dir.path })).report()
    const told = report.failures.map(({ error }) => [
      error.message,
      ...error.causes.map((cause) => cause.message),
    ])
    expect(told).toEqual([
      ['No test found in suite nothing in it'],
      ['fetch failed', 'ECONNREFUSED', 'connect ECONNREFUSED ::1:5', 'connect ECONNREFUSED 127.0.0.1:5'],
      ['{"code":"E1","detail":"row 7"}'],
      ['no row', '{"code":"E1","detail":"row 7"}'],
    ])
    // An empty `describe` has no hook that could have failed.
    expect(report.failures[0]?.phase).toBe('unknown')
    expect(report.asyncErrors.map(({ error }) => error.message)).toEqual(['{"code":"E2","detail":"row 8"}'])
  },
)
