import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { anError, runEnded, runStarted, testFinished, wholeFile, wholeRun } from '../support/events.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

const FILE = 'tests/a.test.ts'
const timeout = anError('Test timed out in 50ms.\nIf this is a long-running test, pass a timeout value.')

function verdict({ run: { status, exitCode, end } }: RunReport): object {
  return { status, exitCode, end }
}

test('a run in which everything passed is passed', () => {
  const report = buildReport(wholeRun(wholeFile(FILE, [testFinished(FILE, 'adds', 'passed')])))
  expect(verdict(report)).toEqual({ status: 'passed', exitCode: 0, end: 'finished' })
  expect(report.totals).toMatchObject({ files: 1, tests: 1, passed: 1 })
  expect(report.files).toEqual([
    {
      path: FILE,
      status: 'passed',
      durationMs: 100,
      tests: 1,
      passed: 1,
      failed: 0,
      warnings: 0,
      results: [{ test: 'adds', status: 'passed', durationMs: 5 }],
    },
  ])
})

test('a failed test gives exit code 1 and an entry with its error', () => {
  const error = anError('boom')
  const report = buildReport(
    wholeRun(wholeFile(FILE, [testFinished(FILE, 'adds', 'failed', { errors: [error] })]), 'failed'),
  )
  expect(verdict(report)).toEqual({ status: 'failed', exitCode: 1, end: 'finished' })
  expect(report.failures).toEqual([
    {
      file: FILE,
      test: 'adds',
      status: 'failed',
      phase: 'test',
      durationMs: 5,
      retries: 0,
      error,
      moreErrors: [],
    },
  ])
})

test('a test that failed without any error is a failure all the same', () => {
  const report = buildReport(wholeRun(wholeFile(FILE, [testFinished(FILE, 'adds', 'failed')]), 'failed'))
  expect(report.failures[0]?.error.message).toBe('The test failed without an error.')
  expect(report.run.exitCode).toBe(1)
})

test('a timed-out test is counted apart from failed ones and gives exit code 4', () => {
  const report = buildReport(
    wholeRun(
      wholeFile(FILE, [testFinished(FILE, 'waits', 'failed', { errors: [timeout], durationMs: 53 })]),
      'failed',
    ),
  )
  expect(verdict(report)).toEqual({ status: 'failed', exitCode: 4, end: 'finished' })
  expect(report.totals).toMatchObject({ failed: 0, timedOut: 1 })
  expect(report.files[0]?.status).toBe('timeout')
  expect(report.timeouts).toEqual([
    { file: FILE, test: 'waits', kind: 'test', phase: 'test', limitMs: 50, elapsedMs: 53 },
  ])
})

test('a failing test beside a timeout gives exit code 1: a failure is never hidden', () => {
  const tests = [
    testFinished(FILE, 'waits', 'failed', { errors: [timeout] }),
    testFinished(FILE, 'adds', 'failed', { errors: [anError('boom')] }),
  ]
  const report = buildReport(wholeRun(wholeFile(FILE, tests), 'failed'))
  expect(report.run.exitCode).toBe(1)
  expect(report.files[0]?.status).toBe('failed')
})

test.each([
  ['Hook timed out in 70ms.', 'hook', 70],
  ['Test timed out in 50ms while waiting for fetch.', 'test', 50],
  ['The setup phase of "aroundEach" hook timed out after 90ms.', 'hook', 90],
])('%s is recognised as a timeout', (message, kind, limitMs) => {
  const report = buildReport(
    wholeRun(
      wholeFile(FILE, [testFinished(FILE, 'waits', 'failed', { errors: [anError(message)] })]),
      'failed',
    ),
  )
  expect(report.timeouts).toEqual([expect.objectContaining({ kind, limitMs })])
})

test('a test that times out at each attempt is one timeout, of so many attempts', () => {
  const errors = [anError('Test timed out in 5ms'), anError('Test timed out in 5ms')]
  const waits = testFinished(FILE, 'waits', 'failed', { errors, retries: 1 })
  const report = buildReport(wholeRun(wholeFile(FILE, [waits]), 'failed'))
  expect(report.totals.timedOut).toBe(1)
  expect(report.timeouts).toEqual([expect.objectContaining({ test: 'waits', attempts: 2 })])
})

test('an error that only talks about a timeout is a failure', () => {
  const report = buildReport(
    wholeRun(
      wholeFile(FILE, [
        testFinished(FILE, 'talks', 'failed', { errors: [anError('expected: Test timed out in 5ms')] }),
      ]),
      'failed',
    ),
  )
  expect(report.timeouts).toEqual([])
  expect(report.run.exitCode).toBe(1)
})

test.each([
  [{}, 2],
  [{ passWithNoTests: true }, 0],
  [{ shard: { index: 1, count: 1 } }, 0],
])('a run of which filters left nothing is empty, which is a mistake unless %j', (facts, exitCode) => {
  const file = wholeFile(FILE, [testFinished(FILE, 'adds', 'deselected')])
  const events = [runStarted(facts), ...file, runEnded('passed')]
  expect(verdict(buildReport(events))).toEqual({ status: 'empty', exitCode, end: 'finished' })
})

test('a filter that leaves only tests their author skips ran nothing; without a filter they are what was asked for', () => {
  const skipped = [testFinished(FILE, 'adds', 'skipped'), testFinished(FILE, 'sums', 'todo')]
  const filtered = [...skipped, testFinished(FILE, 'divides', 'deselected')]
  const of = (tests: typeof skipped): object => verdict(buildReport(wholeRun(wholeFile(FILE, tests))))
  expect(of(filtered)).toEqual({ status: 'empty', exitCode: 2, end: 'finished' })
  expect(of(skipped)).toEqual({ status: 'empty', exitCode: 0, end: 'finished' })
  const passed = testFinished(FILE, 'multiplies', 'passed')
  expect(of([...filtered, passed])).toEqual({ status: 'passed', exitCode: 0, end: 'finished' })
})

test('a run in which Vitest found no tests is failed', () => {
  expect(verdict(buildReport(wholeRun([], 'failed')))).toEqual({
    status: 'failed',
    exitCode: 1,
    end: 'finished',
  })
  // It passes without any only where the configuration says that it may.
  expect(verdict(buildReport(wholeRun([], 'passed')))).toEqual({
    status: 'empty',
    exitCode: 0,
    end: 'finished',
  })
})
