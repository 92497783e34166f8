import { framesOf, locate, printFrames } from './frames.ts'
import { readThrown } from './thrown.ts'
import { count, messageWithCode } from '../text/words.ts'
import type { ErrorCause, ErrorInfo } from '../report/error-info.ts'
import type { CleanText } from './clean-text.ts'
import type { Thrown } from './thrown.ts'

/** Generous for a person, harmless for a file of ten thousand failures. */
const MESSAGE_CHARS_MAX = 10_000
const STACK_CHARS_MAX = 20_000
const DIFF_CHARS_MAX = 20_000
const NAME_CHARS_MAX = 200

/** Of a thrown object that is no error: enough to know it by. */
const DUMP_CHARS_MAX = 500

/** A cause chain can be a circle. */
const CAUSES_DEEP_MAX = 5
/** Members named of an `AggregateError`; a host with two addresses gives two. */
const MEMBERS_MAX = 3
/** Aggregates of aggregates multiply. */
const CAUSES_MAX = 16

/** Errors kept of one test; one that retries in a loop can have thousands. */
const ERRORS_MAX = 20

/** Turns whatever Vitest calls an error into text that can be stored and shown. Never throws. */
export function toErrorInfo(thrown: unknown, text: CleanText): ErrorInfo {
  const fields = readThrown(thrown)
  const frames = framesOf(fields)
  const stack = printFrames(frames, text.paths)
  return {
    name: text.clean(fields.name ?? 'Error', NAME_CHARS_MAX),
    message: messageOf(fields, text),
    stack: stack === null ? null : text.clean(stack, STACK_CHARS_MAX),
    diff: diffOf(fields.diff, text),
    location: locate(frames, text.paths),
    causes: causesOf(fields, text),
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

/** The message with the code that programs know the error by; of what is no error, what was thrown. */
function messageOf({ message, code, errors, dumped }: Thrown, text: CleanText): string {
  if (message !== undefined && message !== '')
    return text.clean(messageWithCode(message, code), MESSAGE_CHARS_MAX)
  if (dumped !== undefined) return text.dump(dumped, DUMP_CHARS_MAX)
  if (code !== undefined) return text.clean(code, MESSAGE_CHARS_MAX)
  return errors.length > 0 ? count(errors.length, 'error') : 'no message'
}

function causesOf(thrown: Thrown, text: CleanText): ErrorCause[] {
  const causes: ErrorCause[] = []
  addCauses(thrown, text, causes, 0)
  return causes
}

/** The members of an aggregate and then its cause, each with what is below it. */
function addCauses(thrown: Thrown, text: CleanText, causes: ErrorCause[], depth: number): void {
  if (depth === CAUSES_DEEP_MAX) return
  const members = membersOf(thrown, text)
  for (const member of members.slice(0, MEMBERS_MAX)) addCause(member, text, causes, depth)
  const left = members.length - MEMBERS_MAX
  if (left > 0 && causes.length < CAUSES_MAX)
    causes.push({ name: nameOfCause(thrown, text), message: `and ${left} more`, location: null })
  if (thrown.cause !== undefined) addCause(readThrown(thrown.cause), text, causes, depth)
}

function addCause(thrown: Thrown, text: CleanText, causes: ErrorCause[], depth: number): void {
  if (causes.length >= CAUSES_MAX) return
  causes.push({
    name: nameOfCause(thrown, text),
    message: messageOf(thrown, text),
    location: locate(framesOf(thrown), text.paths),
  })
  addCauses(thrown, text, causes, depth + 1)
}

/** The parts of an aggregate, unless its message has all that they tell: the issues of a failed validation, for one. */
function membersOf({ message = '', errors }: Thrown, text: CleanText): readonly Thrown[] {
  const members = errors.map(readThrown)
  return members.every((member) => isToldBy(message, member, text)) ? [] : members
}

/** Whether a message has all that a part tells; where it was thrown, and what is below it, no message has. */
function isToldBy(whole: string, part: Thrown, text: CleanText): boolean {
  const { message = '', code, cause, errors } = part
  if (message === '' || !whole.includes(messageWithCode(message, code))) return false
  return cause === undefined && errors.length === 0 && locate(framesOf(part), text.paths) === null
}

/** As in the audit trail: what is no error says so. */
function nameOfCause({ name, isError }: Thrown, text: CleanText): string {
  return text.clean(name ?? (isError ? 'Error' : 'NonError'), NAME_CHARS_MAX)
}
