import { REFUSED_RUN, THE_RUN } from '../report/model.ts'
import { REPORT_DIR, RUNS_FILE } from '../report/places.ts'
import type { FileStatus, TestResult } from '../report/files.ts'
import type { ScenarioItem } from '../report/scenarios.ts'
import type {
  AsyncError,
  Failure,
  FlakyTest,
  Phase,
  RunReport,
  Timeout,
  WarningFingerprint,
} from '../report/model.ts'

/**
 * `332828` → `332,828`. By hand: the first `Intl.NumberFormat` of a process takes 10 ms, in each of three processes.
 */
export function number(value: number): string {
  const [whole = '', ...fraction] = String(value).split('.')
  return [whole.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ','), ...fraction].join('.')
}

/** `count(1, 'file')` → `1 file`, `count(2, 'file')` → `2 files`. */
export function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** Three significant digits in the unit a person would pick: `0.4 ms`, `12 ms`, `1.25 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_995) return `${Number((ms / 1000).toFixed(2))} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return unlessZero(`${minutes} min`, seconds % 60, 's')
  return unlessZero(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min')
}

function unlessZero(text: string, rest: number, unit: string): string {
  return rest === 0 ? text : `${text} ${rest} ${unit}`
}

/** What became of something, as the summary names it. */
export const FAILURE_WORD: Readonly<Record<Failure['status'], string>> = {
  failed: 'FAIL',
  timeout: 'TIMEOUT',
  crashed: 'CRASHED',
  lost: 'LOST',
}

export const FILE_WORD: Readonly<Record<FileStatus, string>> = {
  passed: 'passed',
  failed: 'failed',
  timeout: 'timed out',
  crashed: 'crashed',
  lost: 'lost',
  notRun: 'not run (bail)',
  skipped: 'skipped',
}

export const TEST_WORD: Readonly<Record<TestResult['status'], string>> = {
  passed: 'passed',
  flaky: 'flaky',
  failed: 'failed',
  timeout: 'timed out',
  skipped: 'skipped',
  todo: 'todo',
  deselected: 'deselected',
  unfinished: 'unfinished',
}

/** Worst first. */
export const FILE_STATUSES: readonly FileStatus[] = [
  'lost',
  'crashed',
  'timeout',
  'failed',
  'notRun',
  'skipped',
  'passed',
]

export const ASYNC_ERROR_WORDS: Readonly<Record<AsyncError['kind'], string>> = {
  unhandledRejection: 'unhandled rejection',
  uncaughtException: 'uncaught exception',
  late: 'error after the test had ended',
  swallowed: 'error that was only logged',
  pending: 'promise that never settled',
}

/** `in beforeEach`; empty for the test itself and where it is not known. */
export function inPhase(phase: Phase): string {
  switch (phase) {
    case 'test':
    case 'unknown':
      return ''
    case 'import':
      return 'in the import'
    case 'hook':
      return 'in a hook'
    case 'close':
      return 'while closing'
    case 'beforeAll':
    case 'beforeEach':
    case 'afterEach':
    case 'afterAll':
      return `in ${phase}`
  }
}

/** `test`, `beforeEach hook`, `file`, `run`: what ran out of time. */
export function timedOutThing({ kind, phase }: Timeout): string {
  return kind === 'hook' ? `${phase === 'hook' ? '' : `${phase} `}hook` : kind
}

/**
 * The command that tells what each attempt of the last run got and gave back; empty where there is no run.
 *
 * @param reportDir where the runs are; its default is what the command looks in anyway
 */
export function nextCommand({ runIds }: Failure, reportDir: string = REPORT_DIR): string {
  const id = runIds?.at(-1)
  if (id === undefined) return ''
  return `npx shakedown explain ${id}${reportDir === REPORT_DIR ? '' : ` --db ${quoted(`${reportDir}/${RUNS_FILE}`)}`}`
}

/** A path as a shell takes it for one word. */
function quoted(path: string): string {
  return /^[\w./:@+-]+$/.test(path) ? path : `"${path.replaceAll(/["$`\\]/g, '\\$&')}"`
}

/** The run in one word and, where there is more to say, a few more. */
export function headline({ run, totals, failures }: RunReport): string {
  if (run.status === 'passed')
    return totals.flaky > 0 ? `PASSED: ${count(totals.flaky, `${FLAKY_WORD} test`)}` : 'PASSED'
  if (run.status === 'failed' && run.end === 'bailed') return 'FAILED: stopped by --bail'
  if (failures.some(({ error }) => error.name === REFUSED_RUN)) return 'FAILED: nothing was run'
  if (run.status === 'failed') return totals.files === 0 ? 'FAILED: no test files were found' : 'FAILED'
  if (run.status === 'empty') return emptyHeadline(run.exitCode, totals)
  if (run.end === 'killed') return 'INCOMPLETE: the run was killed'
  if (run.end === 'interrupted') return 'INCOMPLETE: the run was interrupted'
  if (totals.lost > 0) return 'INCOMPLETE: files were lost'
  const recordsLost = failures.some(({ file, status }) => file === THE_RUN && status === 'lost')
  return recordsLost ? 'INCOMPLETE: part of the record is lost' : 'INCOMPLETE: shards are missing'
}

/** `exit code 1`, and in brackets what `shakedown run` makes of it where plain `vitest run` does not. */
export function exitCodeWords({ exitCode, processExitCode }: RunReport['run']): string {
  if (processExitCode === null || processExitCode === exitCode) return `exit code ${exitCode}`
  return `exit code ${processExitCode} (with \`shakedown run\`: ${exitCode})`
}

function emptyHeadline(exitCode: number, { tests, deselected }: RunReport['totals']): string {
  const words = exitCode === 0 ? 'NOTHING TO RUN' : 'NOTHING RAN'
  if (tests === 0) return exitCode === 0 ? words : `${words}: there are no tests`
  if (deselected === tests) return `${words}: all tests were deselected`
  return `${words}: all tests ${deselected === 0 ? 'are skipped' : 'were deselected or are skipped'}`
}

/** `main@13b1692 · Vitest 5.1.0 · Node 24.21.0 · GitHub Actions`. */
export function provenance({ branch, commit, vitest, node, ci, shards, rerun }: RunReport['run']): string[] {
  const revision = [branch, commit?.slice(0, 7)].filter(Boolean).join('@')
  const shard = shards.map(({ index, count: of }) => `${index}/${of}`).join(', ')
  return [
    revision,
    `Vitest ${vitest}`,
    `Node ${node}`,
    ci ? (ci.name ?? 'CI') : '',
    shard === '' ? '' : `shard ${shard}`,
    rerun === null ? '' : `rerun of ${rerun.files} of ${count(rerun.of, 'file')}`,
  ].filter((part) => part !== '')
}

/** What is wrong with a scenario, each kind once: its code, and of the oracles' common one the oracle. */
export function problemWords({ problems }: ScenarioItem): string {
  return [
    ...new Set(problems.map(({ code, oracle }) => (code === 'E_ORACLE' && oracle !== null ? oracle : code))),
  ].join(', ')
}

/** `2 checks failed`: of a scenario. */
export function checksFailed(checks: number): string {
  return `${count(checks, 'check')} failed`
}

/** What a check says, with the code to look it up by; what was expected and got needs none. */
export function withCode({
  code,
  oracle,
  message,
}: {
  readonly code: string
  readonly oracle?: string | null | undefined
  readonly message: string
}): string {
  if (code === 'E_EXPECT') return message
  const hasOracle = oracle !== undefined && oracle !== null && code !== 'E_VACUOUS'
  return `${message} (${hasOracle ? `${code} ${oracle}` : code})`
}

/** What every failed assertion of Node has: it tells none from another. */
const ASSERTION_CODE = 'ERR_ASSERTION'

/** The message of an error with the code that programs know it by, unless it has it already or the code tells nothing. */
export function messageWithCode(message: string, code: string | undefined): string {
  const told = code === undefined || code === ASSERTION_CODE || message.includes(code) || /^\d+$/.test(code)
  return told ? message : `${message} (${code})`
}

/** `201 passed`, `5 failed`, …: the parts of a total that are not zero. */
export function parts(entries: readonly (readonly [count: number, word: string])[]): string[] {
  return entries.filter(([value]) => value > 0).map(([value, word]) => `${number(value)} ${word}`)
}

/** A group of warnings by the pattern they share; a single one in full. */
export function warningText({ count: times, fingerprint, sample }: WarningFingerprint): string {
  return times > 1 ? fingerprint : sample
}

/** What a test is that failed and passed when it was tried again; so named in every output. */
export const FLAKY_WORD: string = TEST_WORD.flaky

/** The title of the list of such tests. */
export const FLAKY_TITLE = 'Flaky tests'

/** How such a test ended: `flaky: passed at attempt 2`. */
export function flakyWords({ retries }: Pick<FlakyTest, 'retries'>): string {
  return `${FLAKY_WORD}: passed at attempt ${retries + 1}`
}

/** How many tests ended how, for a total. */
export function testParts(totals: RunReport['totals']): string[] {
  return parts([
    [totals.passed - totals.failedAsExpected - totals.flaky, 'passed'],
    [totals.flaky, FLAKY_WORD],
    [totals.failedAsExpected, 'failed as expected'],
    [totals.failed, TEST_WORD.failed],
    [totals.timedOut, TEST_WORD.timeout],
    [totals.unfinished, TEST_WORD.unfinished],
    [totals.skipped, TEST_WORD.skipped],
    [totals.todo, TEST_WORD.todo],
    [totals.deselected, TEST_WORD.deselected],
  ])
}

/** The stack, if it says more than the one place that is named anyway. */
export function furtherFrames(stack: string | null): string {
  return stack?.includes('\n') ? stack : ''
}
