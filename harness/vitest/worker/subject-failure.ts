import type { SerializedError } from '../../../src/index.ts'
import { messageWithCode } from '../../../reporters/text/words.ts'
import { isOwnFrame } from '../../settings/own-package.ts'
import type { Verdict } from '../../scenario/verdict.ts'

/** Frames kept: the first one is shown with its lines, the others as a list. */
const FRAMES_MAX = 10

/** Parts of one error that are taken out of the worker; the report names the first few and counts the others. */
const PARTS_MAX = 16

/**
 * What the subject itself failed with, as an error that Vitest shows like any other: its name, its message, its causes,
 * and the lines of the subject that it came from. Frames of this package, which made an injected fault, are left out.
 */
export class SubjectFailure extends Error {
  override readonly name: string
  override readonly cause?: SubjectFailure
  /** Without the list of the parts, which Vitest would not show. */
  readonly #message: string
  /** What an aggregate collects. Private: Vitest would print it as data below the error. */
  readonly #parts: readonly SubjectFailure[]

  constructor(error: SerializedError) {
    const { name, stack, cause, errors = [] } = error
    const message = messageOf(error)
    super(message + listOf(errors, message))
    this.#message = message
    this.name = name
    this.stack = `${name}: ${message}\n${framesOf(stack).join('\n')}`
    if (cause !== undefined) this.cause = new SubjectFailure(cause)
    this.#parts = errors.slice(0, PARTS_MAX).map((part) => new SubjectFailure(part))
  }

  /** The same as plain data, for the way out of a worker. */
  plain(): Record<string, unknown> {
    const { name, stack, cause } = this
    return {
      name,
      message: this.#message,
      stack,
      ...(cause === undefined ? {} : { cause: cause.plain() }),
      ...(this.#parts.length === 0 ? {} : { errors: this.#parts.map((part) => part.plain()) }),
    }
  }
}

/** The subject's own error in a verdict that is not good; `undefined` when it did not fail. */
export function subjectFailureOf({ ok, error }: Verdict): SubjectFailure | undefined {
  return ok || error === null ? undefined : new SubjectFailure(error)
}

/** The message with its code, such as ECONNRESET. That of a node which only says what failed in it would be taken for its part's. */
function messageOf({ message, code, stack, cause, errors }: SerializedError): string {
  const wraps = stack === undefined && (cause !== undefined || errors !== undefined)
  return wraps ? message : messageWithCode(message, code)
}

/** The members of an aggregate, unless its message has them all. */
function listOf(errors: readonly SerializedError[], message: string): string {
  if (errors.every((part) => message.includes(messageOf(part)))) return ''
  return errors.map((part, index) => `\n${index + 1}. ${part.name}: ${messageOf(part)}`).join('')
}

function framesOf(stack: string | undefined): string[] {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line) && !isOwnFrame(line))
  return frames.slice(0, FRAMES_MAX)
}
