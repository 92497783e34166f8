import { framesOf, locate, printFrames } from './frames.ts'
import type { ErrorCause, ErrorInfo } from '../report/error-info.ts'
import type { CleanText } from './clean-text.ts'

/** Generous for a person, harmless for a file of ten thousand failures. */
const MESSAGE_CHARS_MAX = 10_000
const STACK_CHARS_MAX = 20_000
const DIFF_CHARS_MAX = 20_000
const NAME_CHARS_MAX = 200

/** A cause chain can be a circle. */
const CAUSES_MAX = 5

/** Errors kept of one test; one that retries in a loop can have thousands. */
const ERRORS_MAX = 20

/** Turns whatever Vitest calls an error into text that can be stored and shown. Never throws. */
export function toErrorInfo(thrown: unknown, text: CleanText): ErrorInfo {
  const fields = fieldsOf(thrown)
  const frames = framesOf(fields)
  const stack = printFrames(frames, text.paths)
  return {
    name: text.clean(fields.name, NAME_CHARS_MAX),
    message: text.clean(fields.message, MESSAGE_CHARS_MAX),
    stack: stack === null ? null : text.clean(stack, STACK_CHARS_MAX),
    diff: diffOf(fields.diff, text),
    location: locate(frames, text.paths),
    causes: causesOf(fields.cause, text),
  }
}

/** What Vitest says where there are no lines in common, in one form: with a sign before each line. */
function diffOf(given: string | undefined, text: CleanText): string | null {
  if (given === undefined || given === '') return null
  const diff = text.clean(given, DIFF_CHARS_MAX)
  const [, expected, received] =
    /^Expected: (.*)\nReceived: (.*)$/.exec(diff) ??
    /^- Expected:\n([^]*)\n\n\+ Received:\n([^]*)$/.exec(diff) ??
    []
  if (expected === undefined || received === undefined) return diff
  const signed = [expected.replaceAll(/^/gm, '- '), received.replaceAll(/^/gm, '+ ')]
  return ['- Expected', '+ Received', '', ...signed].join('\n')
}

/** The first errors of a test or a file. */
export function toErrorInfos(thrown: readonly unknown[] | undefined, text: CleanText): ErrorInfo[] {
  return (thrown ?? []).slice(0, ERRORS_MAX).map((error) => toErrorInfo(error, text))
}

function causesOf(first: unknown, text: CleanText): ErrorCause[] {
  const causes: ErrorCause[] = []
  for (let cause = first; cause !== undefined && causes.length < CAUSES_MAX;) {
    const fields = fieldsOf(cause)
    const { name, message } = fields
    causes.push({
      name: text.clean(name, NAME_CHARS_MAX),
      message: text.clean(message, MESSAGE_CHARS_MAX),
      location: locate(framesOf(fields), text.paths),
    })
    cause = fields.cause
  }
  return causes
}

interface ErrorFields {
  readonly name: string
  readonly message: string
  readonly stack?: unknown
  readonly stacks?: unknown
  readonly diff?: string
  readonly cause: unknown
}

/** Errors arrive as `Error`, as Vitest's plain copy of one, or as anything at all that was thrown. */
function fieldsOf(thrown: unknown): ErrorFields {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'Error', message: String(thrown), cause: undefined }
  const { name, message, stack, stacks, diff, cause } = thrown as Record<string, unknown>
  return {
    name: typeof name === 'string' && name !== '' ? name : 'Error',
    message: typeof message === 'string' ? message : 'no message',
    stack,
    stacks,
    ...(typeof diff === 'string' ? { diff } : {}),
    cause: cause ?? undefined,
  }
}
