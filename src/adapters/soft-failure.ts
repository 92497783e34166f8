import { ShakedownError } from '../base/errors.ts'

/**
 * An adapter returned a result that says the task failed. Retried like an exception, unless the result says
 * `retryable: false`. `result` is what it returned.
 *
 * @example
 * const careful = route('ask', { adapters: [local], retryIf: (thrown) => !(thrown instanceof SoftFailureError) })
 */
export class SoftFailureError extends ShakedownError {
  override readonly name = 'SoftFailureError'
  /** What the adapter returned. */
  readonly result: unknown
  readonly retryable: boolean
  /** How long the result asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, result: Readonly<Record<string, unknown>>) {
    super('E_SOFT_FAILURE', message)
    this.result = result
    this.retryable = result['retryable'] !== false
    const { retryAfterMs } = result
    this.retryAfterMs = typeof retryAfterMs === 'number' ? retryAfterMs : undefined
  }
}

/** Words, in small letters, that systems have for a task that failed. */
export const FAILED_WORDS = [
  'failed',
  'failure',
  'error',
  'errored',
  'crashed',
  'timedout',
  'timed_out',
] as const

const FAILED_STATUSES: ReadonlySet<unknown> = new Set(FAILED_WORDS)

/** The failure that a result says it is; `undefined` for any other result. A result that cannot be read says nothing. */
export function softFailureOf(result: unknown): SoftFailureError | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  try {
    const fields = result as Readonly<Record<string, unknown>>
    const sign = signOf(fields)
    return sign === undefined
      ? undefined
      : new SoftFailureError(textOf(fields) ?? `The result says ${sign}`, fields)
  } catch {
    return undefined
  }
}

/** What in a result says that it is a failure. */
function signOf({ success, status, failureCount }: Readonly<Record<string, unknown>>): string | undefined {
  if (success === false) return 'success: false'
  if (FAILED_STATUSES.has(typeof status === 'string' ? status.toLowerCase() : undefined))
    return `status: ${String(status)}`
  return typeof failureCount === 'number' && failureCount > 0 ? `failureCount: ${failureCount}` : undefined
}

/** The reason a result gives in words. */
function textOf({ error, message, feedback, reason }: Readonly<Record<string, unknown>>): string | undefined {
  const inError =
    typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error
  const given = [inError, message, feedback, reason]
  return given.find((text): text is string => typeof text === 'string' && text.trim() !== '')
}
