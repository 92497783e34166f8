import { count, duration, FILE_STATUSES, FILE_WORD, number, TEST_WORD } from '../../text/words.ts'
import type { FileReport, TestResult } from '../../report/files.ts'
import type { FilesView, FileView, ListedTestView, Tone } from './page-view.ts'

/** Files listed; more would make a page that no browser scrolls gladly. */
const FILES_MAX = 5_000
/** Tests listed in all files: a page of some 2 MB, which a browser opens within a second. */
const TESTS_MAX = 20_000

const FILE_TONE: Readonly<Record<FileReport['status'], Tone>> = {
  passed: 'passed',
  failed: 'failed',
  timeout: 'timeout',
  crashed: 'lost',
  lost: 'lost',
  notRun: 'note',
  skipped: 'note',
}

const TEST_TONE: Readonly<Record<TestResult['status'], Tone>> = {
  passed: 'passed',
  flaky: 'warned',
  failed: 'failed',
  timeout: 'timeout',
  skipped: 'note',
  todo: 'note',
  deselected: 'note',
  unfinished: 'lost',
}

/** Every file with its tests folded away, worst first; within one status as they ran. */
export function filesView(files: readonly FileReport[]): FilesView {
  const sorted = files.toSorted((a, b) => rank(a) - rank(b)).slice(0, FILES_MAX)
  let room = TESTS_MAX
  const shown = sorted.map((file) => {
    const view = fileView(file, room)
    room -= view.tests.length
    return view
  })
  return {
    files: shown,
    filterable: shown.some(({ fine }) => fine) && shown.some(({ fine }) => !fine),
    filesLeft: files.length - shown.length,
  }
}

/** How bad a file's status is; 0 is the worst. */
function rank({ status }: FileReport): number {
  return FILE_STATUSES.indexOf(status)
}

function fileView(file: FileReport, room: number): FileView {
  const { path, project, status, results, tests, failed, warnings, durationMs } = file
  const shown = results.slice(0, room)
  const left = Math.max(results.length, tests) - shown.length
  return {
    tone: FILE_TONE[status],
    badge: FILE_WORD[status],
    file: path,
    fine: status === 'passed' || status === 'skipped',
    facts: [
      project === undefined ? '' : `project ${project}`,
      count(tests, 'test'),
      failed === 0 ? '' : `${number(failed)} failed`,
      warnings === 0 ? '' : count(warnings, 'warning'),
      duration(durationMs),
    ].filter((fact) => fact !== ''),
    tests: shown.map(listedTest),
    left: left > 0 ? leftOver(results.length - shown.length, left) : '',
  }
}

/** Tests without a result are not listed anywhere. */
function leftOver(inReport: number, left: number): string {
  return inReport > 0 ? `… and ${number(inReport)} more in report.json` : `${count(left, 'test')} never began`
}

function listedTest({ test, status, durationMs, retries = 0 }: TestResult): ListedTestView {
  const ran = durationMs > 0 ? duration(durationMs) : ''
  const tries = retries > 0 ? `${retries + 1} attempts` : ''
  // A test that passed needs no word besides the mark.
  const word = status === 'passed' ? '' : TEST_WORD[status]
  const facts = [word, ran, tries].filter((fact) => fact !== '').join(' · ')
  return { tone: TEST_TONE[status], name: test, facts }
}
