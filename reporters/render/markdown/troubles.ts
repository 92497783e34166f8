import {
  ASYNC_ERROR_WORDS,
  checksFailed,
  duration,
  FAILURE_WORD,
  FLAKY_TITLE,
  flakyWords,
  furtherFrames,
  inPhase,
  nextCommand,
  number,
  timedOutThing,
} from '../../text/words.ts'
import { checkText, comparedBy, comparedIn, shownErrors } from '../../text/comparison.ts'
import { shorten } from '../../text/visible.ts'
import { code, fenced } from './text.ts'
import type { ShownChecks } from '../../text/comparison.ts'
import type { ErrorCause, ErrorInfo, SourceLocation } from '../../report/error-info.ts'
import type { AsyncError, Failure, FlakyTest, RunReport, Timeout } from '../../report/model.ts'
import type { ScenarioProblem } from '../../report/scenarios.ts'
import type { Detail } from './detail.ts'

/** What turned the run red, one heading per kind. */
export function troubles(report: RunReport, detail: Detail, reportDir?: string): string[] {
  return [
    ...section('Failures', report.failures, detail, (entry) => failure(entry, detail, reportDir)),
    ...section('Timeouts', report.timeouts, detail, timeout),
    ...section('Async errors', report.asyncErrors, detail, asyncError),
    ...section(FLAKY_TITLE, report.flaky, detail, flaky),
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

function failure(entry: Failure, detail: Detail, reportDir?: string): string[] {
  const next = nextCommand(entry, reportDir)
  const { file, test, status, phase, durationMs, retries, error } = entry
  return [
    `#### ${name(file, test)}`,
    facts([
      `**${FAILURE_WORD[status]}**`,
      inPhase(phase),
      durationMs > 0 ? duration(durationMs) : '',
      retries > 0 ? `${retries + 1} attempts` : '',
      place(error.location),
    ]),
    ...shownErrors(entry).flatMap((shown, index) => {
      const also = index === 0 ? [] : [facts(['**Also**', place(shown.error.location)])]
      return also.concat(
        shown.kind === 'checks' ? checkBlocks(shown, detail) : errorBlocks(shown.error, detail),
      )
    }),
    ...(next === '' ? [] : [`Next: ${code(next)}`]),
  ]
}

/** The checks of a scenario as one block, and the lines that differ where there are many. */
function checkBlocks({ checks, error: { diff } }: ShownChecks, { diffs, messageCharsMax }: Detail): string[] {
  const several = checks.length > 1 ? `${checksFailed(checks.length)}.\n\n` : ''
  const text = several + checks.map(checkLines).join('\n\n')
  return [
    fenced(shorten(text, messageCharsMax), 'text'),
    ...(diffs && diff !== null && comparedIn(diff) === undefined ? [fenced(diff, 'diff')] : []),
  ]
}

function checkLines(check: ScenarioProblem): string {
  const compared = comparedBy(check)
  const { location } = check
  return [
    compared === undefined ? '' : `Expected: ${compared.expected}\nReceived: ${compared.received}`,
    checkText(check),
    location === null ? '' : `at ${written(location)}`,
  ]
    .filter((line) => line !== '')
    .join('\n')
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
    facts([flakyWords({ retries }), place(error?.location ?? null)]),
    ...(error ? errorBlocks(error, detail) : []),
  ]
}

function errorBlocks(error: ErrorInfo, { stacks, diffs, messageCharsMax }: Detail): string[] {
  const causes = error.causes.map(causeText).join('')
  const message = shorten(`${error.name}: ${error.message}${causes}`, messageCharsMax)
  return [
    fenced(message, 'text'),
    ...(error.codeFrame === undefined ? [] : [fenced(error.codeFrame, 'text')]),
    ...error.causes.flatMap(causeFrame),
    ...(diffs && error.diff !== null ? [fenced(error.diff, 'diff')] : []),
    ...(stacks && furtherFrames(error.stack) ? [collapsed('Stack', furtherFrames(error.stack))] : []),
  ]
}

function causeText({ name: kind, message, location }: ErrorCause): string {
  return `\nCaused by ${kind}: ${message}${location === null ? '' : `\n  at ${written(location)}`}`
}

/** The lines that a cause came from, below their place: there may be those of several. */
function causeFrame({ location, codeFrame }: ErrorCause): string[] {
  if (location === null || codeFrame === undefined) return []
  return [fenced(`${written(location)}\n${codeFrame}`, 'text')]
}

function collapsed(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${fenced(text, 'text')}\n\n</details>`
}

function name(file: string, test: string | null): string {
  return test === null ? code(file) : `${code(file)} › ${code(test)}`
}

function place(location: SourceLocation | null): string {
  return location ? code(written(location)) : ''
}

function written({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`
}

function facts(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ')
}
