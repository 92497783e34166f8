import type { FileReport } from '../report/files.ts'
import type { Totals, WarningSummary } from '../report/model.ts'
import { fileStatus } from './failures.ts'
import { isLost } from './not-run.ts'
import { isFlaky, resultsOf } from './tests.ts'
import { isTimeout } from './timeouts.ts'
import type { TestFinished } from '../journal/events.ts'
import { projectOf } from './tally.ts'
import type { FileTally } from './tally.ts'

/** One line per file and project. */
export function filesOf(files: readonly FileTally[], warnings: WarningSummary['byFile']): FileReport[] {
  const warned = new Map(warnings.map(({ file, project, count }) => [keyOf(file, project), count]))
  return files.map((file) => {
    const tests = [...file.tests.values()]
    return {
      path: file.file,
      ...projectOf(file),
      status: fileStatus(file),
      durationMs: file.finished?.durationMs ?? sumDurations(tests),
      tests: testsOf(file),
      passed: tests.filter((test) => test.status === 'passed').length,
      failed: tests.filter((test) => test.status === 'failed').length,
      warnings: warned.get(keyOf(file.file, file.project)) ?? 0,
      results: resultsOf(file),
    }
  })
}

/** Adds up the tests of all files. The kinds are disjoint: every test is counted in exactly one. */
export function totalsOf(files: readonly FileTally[]): Totals {
  const tests = files.flatMap((file) => [...file.tests.values()])
  const having = (status: TestFinished['status']): number =>
    tests.filter((test) => test.status === status).length
  const timedOut = tests.filter((test) => test.status === 'failed' && isTimeout(test.errors)).length
  const all = files.reduce((sum, file) => sum + testsOf(file), 0)
  return {
    files: files.length,
    tests: all,
    passed: having('passed'),
    failed: having('failed') - timedOut,
    skipped: having('skipped'),
    todo: having('todo'),
    deselected: having('deselected'),
    timedOut,
    lost: files.filter(isLost).length,
    notRun: files.filter((file) => file.notRun).length,
    unfinished: all - tests.length,
    failedAsExpected: tests.filter((test) => test.status === 'passed' && test.fails).length,
    flaky: tests.filter(isFlaky).length,
  }
}

/** Known tests: those that were declared, or those that were heard of if the import never ended. */
function testsOf(file: FileTally): number {
  // What `--bail` left out was perhaps collected; that it did not run is said of the file.
  if (file.notRun) return file.tests.size
  return Math.max(file.collected ?? 0, file.tests.size + file.running.size)
}

function sumDurations(tests: readonly TestFinished[]): number {
  return tests.reduce((sum, test) => sum + test.durationMs, 0)
}

function keyOf(file: string, project = ''): string {
  return `${project}\n${file}`
}
