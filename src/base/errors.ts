import { got } from './got.ts'
import { firstInline } from './listed.ts'

import type { RunResult } from './result.ts'

/**
 * The one error base class of shakedown.
 *
 * Every error a person can meet carries a stable `code` to search for, a message that says what was expected,
 * what was got and where, and — where we know one — a `hint` that says what to do next.
 *
 * @example
 * if (thrown instanceof ShakedownError) console.error(thrown.code, thrown.message, thrown.hint ?? '')
 */
export class ShakedownError extends Error {
  override readonly name: string = 'ShakedownError'
  /** Stable, machine-readable identity, e.g. `E_CONFIG`. Never reworded between releases. */
  readonly code: string
  /** What to do about it, one sentence; `undefined` when the message already says it. */
  readonly hint: string | undefined

  constructor(code: string, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.hint = options.hint
  }
}

/**
 * An attempt outlived the `timeoutMs` of its step, or of its route. The clock starts when the attempt's function is called.
 *
 * @example
 * const slow = step('slow', sendOrder, { timeoutMs: 5_000, retries: 1, retryIf: (thrown) => thrown instanceof TimeoutError })
 */
export class TimeoutError extends ShakedownError {
  override readonly name = 'TimeoutError'
  /** The limit that was exceeded, in milliseconds. */
  readonly timeoutMs: number

  /** @param kind what has this name: `step`, or `adapter` */
  constructor(name: string, timeoutMs: number, kind: string = 'step') {
    super('E_TIMEOUT', `${kind} '${name}' timed out after ${timeoutMs} ms`)
    this.timeoutMs = timeoutMs
  }
}

/**
 * A step's `validate` rejected its output; the message is the validator's feedback.
 *
 * @example
 * const retried = step('retried', sendOrder, {
 *   validate: (reply) => (reply === '' ? 'The reply is empty' : true),
 *   retries: 2,
 *   retryIf: (thrown) => thrown instanceof ValidationError,
 * })
 */
export class ValidationError extends ShakedownError {
  override readonly name = 'ValidationError'

  constructor(feedback: string | null | undefined) {
    super('E_VALIDATION', feedback || 'Validation failed without feedback')
  }
}

/**
 * A step reported usage that cannot be summed: negative, NaN or infinite, or neither `costUsd` nor `tokens`. Not retried unless the step's `retryIf` says so.
 *
 * @example
 * const metered = step('metered', (topic: string, ctx) => {
 *   try {
 *     ctx.meter({ tokens: -1 })
 *   } catch (error) {
 *     if (error instanceof UsageError) console.error(error.message)
 *   }
 * })
 */
export class UsageError extends ShakedownError {
  override readonly name = 'UsageError'
  readonly retryable = false

  /** @param field whose number it is; `undefined` for a value without any field that counts */
  constructor(step: string, field: string | undefined, value: unknown) {
    super(
      'E_USAGE',
      field === undefined
        ? `Expected what step '${step}' meters to have \`costUsd\` or \`tokens\`, got ${gotFields(value)}.`
        : `Expected \`${field}\` metered by step '${step}' to be a finite number ≥ 0, got ${got(value)}.`,
    )
  }
}

/** Names the fields of what has none that counts, so that a misspelt one is seen. */
function gotFields(value: unknown): string {
  const fields = typeof value === 'object' && value !== null ? Object.keys(value) : []
  return fields.length === 0
    ? got(value)
    : `an object with ${firstInline(
        fields.map((field) => `\`${field}\``),
        5,
      )}`
}

/**
 * A step's input is nothing that can be copied, so its function was not called. The message says what copying it threw.
 *
 * @example
 * if (thrown instanceof InputError) process.exitCode = 2
 */
export class InputError extends ShakedownError {
  override readonly name = 'InputError'

  /** @param kind of node it is the input of */
  constructor(name: string, reason: string, cause: unknown, kind = 'step') {
    super('E_INPUT', `Input of ${kind} '${name}': ${reason}`, {
      cause,
    })
  }
}

/**
 * Code that decides and is no step threw, or decided for something that cannot be: a choice's selector, a loop's `until`,
 * a mapper. The message says which; `cause` is what it threw.
 *
 * @example
 * const result = await createEngine().run(choose('way', () => 'draft', { draft, backup }), 'tides')
 * if (result.error?.name === DecisionError.name) console.error(result.feedback)
 */
export class DecisionError extends ShakedownError {
  override readonly name = 'DecisionError'

  constructor(message: string, options: { cause?: unknown } = {}) {
    super('E_DECISION', message, options)
  }
}

/**
 * The audit trail could not be written or opened; the message says which file and what to do.
 *
 * @example
 * try {
 *   await createEngine({ audit: './runs.db' }).run(article, 'tides')
 * } catch (error) {
 *   if (error instanceof AuditError) console.error(error.code, error.message)
 * }
 */
export class AuditError extends ShakedownError {
  override readonly name = 'AuditError'
  /** What the run came to whose trail could not be written; set when `engine.run` throws it. */
  declare readonly result?: RunResult
}
