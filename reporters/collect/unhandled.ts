import { toErrorInfo } from './error-info.ts'
import { testName } from './outcome.ts'
import type { AsyncError } from '../report/model.ts'
import type { UnhandledError, WorkerCrashed } from '../journal/events.ts'
import type { CleanText } from './clean-text.ts'

/** Unhandled errors kept per run; a test that rejects in a loop can have any number. */
const UNHANDLED_MAX = 1_000

/** How Vitest's pool words the death of a worker; the real reason is the cause. */
const POOL_ERROR = /^\[vitest-pool\]: /
const CRASHED_FILE = /(?:while running test file|for test files) (.+?)\.?$/

/**
 * Turns the errors Vitest could not pin on a test into events.
 *
 * Vitest names the test that ran when an error surfaced, which is rarely the one that caused it; so the test is
 * given as `during`, and only the file counts as known.
 */
export function toUnhandledEvents(
  errors: readonly unknown[],
  atMs: number,
  text: CleanText,
): (UnhandledError | WorkerCrashed)[] {
  const events = errors.slice(0, UNHANDLED_MAX).map((error) => toEvent(error, atMs, text))
  const left = errors.length - events.length
  if (left > 0) {
    const error = toErrorInfo({ message: `${left} more unhandled errors are not listed.` }, text)
    events.push({
      type: 'unhandled-error',
      atMs,
      kind: 'uncaughtException',
      confidence: 'file',
      file: null,
      error,
    })
  }
  return events
}

function toEvent(thrown: unknown, atMs: number, text: CleanText): UnhandledError | WorkerCrashed {
  const fields: Record<string, unknown> = typeof thrown === 'object' && thrown !== null ? { ...thrown } : {}
  const error = toErrorInfo(thrown, text)
  if (POOL_ERROR.test(error.message)) return toCrash(thrown, atMs, text)
  const { VITEST_TEST_PATH: path, VITEST_TEST_NAME: name, type } = fields
  return {
    type: 'unhandled-error',
    atMs,
    kind: kindOf(type),
    confidence: 'file',
    file: typeof path === 'string' ? text.paths.relative(path) : (error.location?.file ?? null),
    error,
    ...(typeof name === 'string' ? { during: testName(name, text) } : {}),
  }
}

function kindOf(type: unknown): AsyncError['kind'] {
  return type === 'Unhandled Rejection' ? 'unhandledRejection' : 'uncaughtException'
}

function toCrash(thrown: unknown, atMs: number, text: CleanText): WorkerCrashed {
  const cause = thrown instanceof Error ? thrown.cause : undefined
  const error = toErrorInfo(cause ?? thrown, text)
  const file = CRASHED_FILE.exec(error.message)?.[1]
  // Vitest names every file that it had given the worker; those that are lost are in the report one by one.
  const message = error.message.replace(/ while running test files .*$/s, '')
  return { type: 'worker-crashed', atMs, file: file ?? null, error: { ...error, message } }
}
