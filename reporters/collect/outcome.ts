import { NOT_RUN_BAIL } from '../analyse/not-run.ts'
import { toErrorInfos } from './error-info.ts'
import { scenarioIn } from './task-meta.ts'
import type { TestCase } from 'vitest/node'
import type { ErrorInfo } from '../report/error-info.ts'
import type { Phase } from '../report/model.ts'
import type { InFile, TestFinished } from '../journal/events.ts'
import type { CleanText } from './clean-text.ts'
import type { Selection } from './selection.ts'

/** Names and notes; a table test can print a whole document into its name. */
const NAME_CHARS_MAX = 1_000

/** Everything a test's event is made of besides the test itself. */
export interface OutcomeContext {
  readonly atMs: number
  readonly where: InFile
  /** What the test was doing last. */
  readonly phase: Phase
  readonly text: CleanText
  readonly selection: Selection
  /** Its name, unlike that of any other test of the file. */
  readonly name: string
  /** `--bail` has stopped the run. */
  readonly bailed: boolean
}

/** A finished test as a journal event; `undefined` while it has no result. */
export function toTestFinished(test: TestCase, context: OutcomeContext): TestFinished | undefined {
  const { atMs, where, phase, text, name } = context
  const result = test.result()
  // After `--bail`, a file ends with tests that are still pending: they will not run.
  if (result.state === 'pending' && !context.bailed) return undefined
  const { status, reason } = statusOf(test, context)
  const diagnostic = test.diagnostic()
  const scenario = scenarioIn(test.meta(), where.file, text)
  return {
    type: 'test-finished',
    atMs,
    ...where,
    id: test.id,
    test: name,
    status,
    durationMs: roundMs(diagnostic?.duration ?? 0),
    retries: diagnostic?.retryCount ?? 0,
    ...(test.options.fails === true ? { fails: true as const } : {}),
    errors: toErrorInfos(result.errors, text).map((error) => framed(error, scenario?.subjectError)),
    phase,
    reason: reason === null ? null : text.clean(reason, NAME_CHARS_MAX),
    ...(scenario ? { scenario } : {}),
  }
}

/** The subject's own error is also among those of its test, without its parts: there, too, it has them and its lines. */
function framed(error: ErrorInfo, own: ErrorInfo | null | undefined): ErrorInfo {
  if (!own || error.name !== own.name) return error
  const { message, causes, codeFrame } = own
  // Where its message does not have its parts, Vitest is given them as a list below it.
  if (error.message !== message && !error.message.startsWith(`${message}\n1. `)) return error
  return { ...error, message, causes, ...(codeFrame === undefined ? {} : { codeFrame }) }
}

function statusOf(test: TestCase, { selection }: OutcomeContext): Pick<TestFinished, 'status' | 'reason'> {
  const result = test.result()
  if (result.state === 'passed' || result.state === 'failed') return { status: result.state, reason: null }
  if (result.state === 'pending') return { status: 'skipped', reason: NOT_RUN_BAIL }
  const note = result.state === 'skipped' ? result.note : undefined
  // A note is written by the test itself while it runs, so no filter can have left it out.
  if (note !== undefined) return { status: 'skipped', reason: note }
  if (test.options.mode === 'todo') return { status: 'todo', reason: null }
  const filter = test.options.mode === 'skip' ? selection.deselectedBy(test) : undefined
  return filter === undefined ? { status: 'skipped', reason: null } : { status: 'deselected', reason: filter }
}

/** Whether a cancelled run has kept the test from its end, or from running at all; Vitest calls both skipped. */
export function isAborted(test: TestCase): boolean {
  const result = test.result()
  return result.state === 'skipped' && result.note === 'The test run was aborted by the user.'
}

/** A test's full name as journals and reports carry it. */
export function testName(fullName: string, text: CleanText): string {
  return text.clean(fullName, NAME_CHARS_MAX)
}

/**
 * Microseconds are below what a clock in a busy process can tell. A test that replaces the clock may make it no number.
 */
export function roundMs(ms: number): number {
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms * 1000) / 1000) : 0
}
