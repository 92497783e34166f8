import type { TestResult } from '../report/files.ts'
import type { FlakyTest, SkippedTest, SlowTest } from '../report/model.ts'
import type { TestFinished } from '../journal/events.ts'
import { isTimeout } from './timeouts.ts'
import { projectOf } from './tally.ts'
import type { FileTally } from './tally.ts'

/** Slow tests listed: the ones worth a look. */
const SLOWEST_MAX = 20

/** Tests that did not run, with the reason where one was given. */
export function skippedOf(files: readonly FileTally[]): SkippedTest[] {
  return files.flatMap((file) =>
    [...file.tests.values()].flatMap((test): SkippedTest[] => {
      const { status } = test
      if (status === 'passed' || status === 'failed') return []
      return [
        {
          file: file.file,
          ...projectOf(file),
          test: test.test,
          kind: status,
          reason: test.reason ?? failedSetup(file, test),
        },
      ]
    }),
  )
}

/** Vitest marks the tests of a suite whose `beforeAll` failed as skipped, like those that are skipped by hand. */
function failedSetup(file: FileTally, test: TestFinished): string | null {
  if (test.status !== 'skipped') return null
  const suite = file.suites.find(
    (candidate) => candidate.phase === 'beforeAll' && test.test.startsWith(`${candidate.suite} > `),
  )
  if (suite) return `beforeAll of '${suite.suite}' failed`
  const { finished } = file
  return finished?.phase === 'beforeAll' && finished.errors.length > 0 ? 'beforeAll of the file failed' : null
}

/** The slowest tests that ran, slowest first. */
export function slowestOf(files: readonly FileTally[]): SlowTest[] {
  return files
    .flatMap((file) => [...file.tests.values()])
    .filter((test) => test.status === 'passed' || test.status === 'failed')
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST_MAX)
    .map(slowTest)
}

/** Tests that passed only when tried again. */
export function flakyOf(files: readonly FileTally[]): FlakyTest[] {
  return files
    .flatMap((file) => [...file.tests.values()])
    .filter(isFlaky)
    .map(flakyTest)
}

/**
 * One that is expected to fail, and did at last, is no help to anybody who looks for tests that cannot be relied on.
 */
export function isFlaky({ status, retries, fails }: TestFinished): boolean {
  return status === 'passed' && retries > 0 && fails !== true
}

/** Every test of a file that has begun, in the order of their ends. */
export function resultsOf(file: FileTally): TestResult[] {
  const finished = [...file.tests.values()].map((test): TestResult => {
    const result = { test: test.test, status: resultStatus(test), durationMs: test.durationMs }
    return test.retries > 0 ? Object.assign(result, { retries: test.retries }) : result
  })
  const unfinished = [...file.running.values()].map(({ test }): TestResult => {
    return { test, status: 'unfinished', durationMs: 0 }
  })
  return [...finished, ...unfinished]
}

function resultStatus(test: TestFinished): TestResult['status'] {
  if (isFlaky(test)) return 'flaky'
  return test.status === 'failed' && isTimeout(test.errors) ? 'timeout' : test.status
}

function slowTest(event: TestFinished): SlowTest {
  const { file, test, durationMs } = event
  return { file, ...projectOf(event), test, durationMs }
}

function flakyTest(event: TestFinished): FlakyTest {
  const { file, test, retries, errors } = event
  return { file, ...projectOf(event), test, retries, error: errors[0] ?? null }
}
