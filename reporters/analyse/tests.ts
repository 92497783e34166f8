import type { FlakyTest, SkippedTest, SlowTest } from '../report/model.ts'
import type { TestFinished } from '../journal/events.ts'
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
    .filter((test) => test.status === 'passed' && test.retries > 0)
    .map(flakyTest)
}

function slowTest(event: TestFinished): SlowTest {
  const { file, test, durationMs } = event
  return { file, ...projectOf(event), test, durationMs }
}

function flakyTest(event: TestFinished): FlakyTest {
  const { file, test, retries, errors } = event
  return { file, ...projectOf(event), test, retries, error: errors[0] ?? null }
}
