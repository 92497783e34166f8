import {
  ASYNC_ERROR_WORDS,
  duration,
  FAILURE_WORD,
  furtherFrames,
  inPhase,
  number,
  timedOutThing,
} from '../../text/words.ts'
import { shorten } from '../../text/visible.ts'
import { code, fenced } from './text.ts'
import type { ErrorInfo, SourceLocation } from '../../report/error-info.ts'
import type { AsyncError, Failure, FlakyTest, RunReport, Timeout } from '../../report/model.ts'
import type { Detail } from './detail.ts'

/** What turned the run red, one heading per kind. */
export function troubles(report: RunReport, detail: Detail): string[] {
  return [
    ...section('Failures', report.failures, detail, failure),
    ...section('Timeouts', report.timeouts, detail, timeout),
    ...section('Async errors', report.asyncErrors, detail, asyncError),
    ...section('Errors in passing tests', report.flaky, detail, flaky),
  ]
}

function section<T>(
  title: string,
  entries: readonly T[],
  detail: Detail,
  render: (entry: T, detail: Detail) => string[],
): string[] {
  if (entries.length === 0) return []
  const shown = entries.slice(0, detail.entriesMax)
  const left = entries.length - shown.length
  return [
    `### ${title} (${number(entries.length)})`,
    ...shown.flatMap((entry) => render(entry, detail)),
    ...(left > 0 ? [`… and ${number(left)} more.`] : []),
  ]
}

function failure(entry: Failure, detail: Detail): string[] {
  const { file, test, status, phase, durationMs, retries, error, moreErrors } = entry
  return [
    `#### ${name(file, test)}`,
    facts([
      `**${FAILURE_WORD[status]}**`,
      inPhase(phase),
      durationMs > 0 ? duration(durationMs) : '',
      retries > 0 ? `${retries + 1} attempts` : '',
      place(error.location),
    ]),
    ...errorBlocks(error, detail),
    ...moreErrors.flatMap((more) =>
      [facts(['**Also**', place(more.location)])].concat(errorBlocks(more, detail)),
    ),
  ]
}

function timeout(entry: Timeout, detail: Detail): string[] {
  const { file, test, limitMs, elapsedMs, location, stack, resources } = entry
  return [
    `#### ${file === '' ? 'The run' : name(file, test ?? null)}`,
    facts([
      `${timedOutThing(entry)} limit ${duration(limitMs)}`,
      `ran ${duration(elapsedMs)}`,
      resources ? `open: ${resources.map(code).join(', ')}` : '',
      place(location ?? null),
    ]),
    ...(stack !== undefined && detail.stacks ? [collapsed('Stack', stack)] : []),
  ]
}

function asyncError(entry: AsyncError, detail: Detail): string[] {
  const { file, test, kind, confidence, during, error } = entry
  return [
    `#### ${name(file ?? '(unknown file)', test ?? null)}`,
    facts([
      ASYNC_ERROR_WORDS[kind],
      test === undefined ? '' : confidence,
      during === undefined ? '' : `while ${code(during)} ran, which may not be its cause`,
      place(error.location),
    ]),
    ...errorBlocks(error, detail),
  ]
}

function flaky({ file, test, retries, error }: FlakyTest, detail: Detail): string[] {
  return [
    `#### ${name(file, test)}`,
    facts([`passed at attempt ${retries + 1}`, place(error?.location ?? null)]),
    ...(error ? errorBlocks(error, detail) : []),
  ]
}

function errorBlocks(error: ErrorInfo, { stacks, diffs, messageCharsMax }: Detail): string[] {
  const causes = error.causes.map((cause) => `\nCaused by ${cause.name}: ${cause.message}`).join('')
  const message = shorten(`${error.name}: ${error.message}${causes}`, messageCharsMax)
  return [
    fenced(message, 'text'),
    ...(error.codeFrame === undefined ? [] : [fenced(error.codeFrame, 'text')]),
    ...(diffs && error.diff !== null ? [fenced(error.diff, 'diff')] : []),
    ...(stacks && furtherFrames(error.stack) ? [collapsed('Stack', furtherFrames(error.stack))] : []),
  ]
}

function collapsed(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${fenced(text, 'text')}\n\n</details>`
}

function name(file: string, test: string | null): string {
  return test === null ? code(file) : `${code(file)} › ${code(test)}`
}

function place(location: SourceLocation | null): string {
  return location ? code(`${location.file}:${location.line}:${location.column}`) : ''
}

function facts(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ')
}
