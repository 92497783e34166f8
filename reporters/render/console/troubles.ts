import {
  ASYNC_ERROR_WORDS,
  duration,
  FLAKY_TITLE,
  flakyWords,
  number,
  timedOutThing,
  warningText,
} from '../../text/words.ts'
import { shorten } from '../../text/visible.ts'
import { errorFields, field, placeField } from './fields.ts'
import { labelled, safe, safeLine } from '../../text/terminal.ts'
import type { RunReport, SkippedTest } from '../../report/model.ts'
import type { Terminal } from '../../text/terminal.ts'

/** Entries per section; the report has the rest. */
const SHOWN_MAX = 20
const WARNING_FILES_MAX = 10
const FINGERPRINTS_MAX = 5
const WARNING_CHARS_MAX = 160

/** A titled section with its lines; left out when it has none. */
export interface Section {
  readonly title: string
  readonly lines: readonly string[]
}

/** Everything besides failures that deserves a look, in the order of urgency. */
export function troubleSections(report: RunReport, terminal: Terminal): Section[] {
  return [
    { title: 'Timeouts', lines: timeouts(report, terminal) },
    { title: 'Async errors', lines: asyncErrors(report, terminal) },
    { title: FLAKY_TITLE, lines: flaky(report, terminal) },
    { title: 'Gates exceeded', lines: gates(report, terminal) },
    { title: 'Remarks', lines: remarks(report, terminal) },
    { title: 'Skipped and deselected', lines: skipped(report, terminal) },
    { title: 'Warnings by file', lines: warnings(report, terminal) },
  ].filter(({ lines }) => lines.length > 0)
}

function item(terminal: Terminal, text: string): string[] {
  return labelled(terminal, ' • ', text)
}

function limited(lines: readonly string[][]): string[] {
  const left = lines.length - SHOWN_MAX
  return [
    ...lines.slice(0, SHOWN_MAX).flat(),
    ...(left > 0 ? [`   … and ${number(left)} more, all in the report`] : []),
  ]
}

function timeouts(report: RunReport, terminal: Terminal): string[] {
  return limited(
    report.timeouts.map((timeout) => {
      const { file, test, limitMs, elapsedMs, attempts, location, resources } = timeout
      const tries = attempts === undefined ? '' : ` in ${attempts} attempts`
      const name = [file, test].flatMap((part) => (part ? [safeLine(part)] : [])).join(' > ') || 'the run'
      return [
        ...item(terminal, name),
        ...field(
          terminal,
          'Limit',
          `${timedOutThing(timeout)}, ${duration(limitMs)} (ran ${duration(elapsedMs)}${tries})`,
        ),
        ...(resources ? field(terminal, 'Open', resources.map(safeLine).join(', ')) : []),
        ...placeField(location ?? null, terminal),
      ]
    }),
  )
}

function asyncErrors(report: RunReport, terminal: Terminal): string[] {
  return limited(
    report.asyncErrors.map(({ file, test, kind, error, during, confidence }) => [
      ...item(
        terminal,
        `${file === null ? '(unknown file)' : safeLine(file)}${test === undefined ? '' : ` > ${safeLine(test)}`}`,
      ),
      ...field(terminal, 'Kind', `${ASYNC_ERROR_WORDS[kind]}${test === undefined ? '' : ` (${confidence})`}`),
      ...(during === undefined
        ? []
        : field(terminal, 'While', `'${safeLine(during)}' ran, which may not be its cause`)),
      ...errorFields(error, terminal),
    ]),
  )
}

function flaky(report: RunReport, terminal: Terminal): string[] {
  return limited(
    report.flaky.map(({ file, test, retries, error }) => [
      ...item(terminal, `${safeLine(file)} > ${safeLine(test)}`),
      ...field(terminal, 'Status', flakyWords({ retries }), terminal.colors.yellow),
      ...(error ? errorFields(error, terminal) : []),
    ]),
  )
}

function gates(report: RunReport, terminal: Terminal): string[] {
  return report.gates
    .filter(({ ok }) => !ok)
    .flatMap(({ name, limit, actual }) =>
      item(terminal, `${safeLine(name)}: ${number(actual)}, allowed ${number(limit)}`),
    )
}

function remarks(report: RunReport, terminal: Terminal): string[] {
  return limited(
    report.remarks.map(({ file, test, code, message, location }) => [
      ...item(terminal, test === null ? safeLine(file) : `${safeLine(file)} > ${safeLine(test)}`),
      ...field(terminal, 'Remark', `${safeLine(code)}: ${safe(message)}`, terminal.colors.yellow),
      ...placeField(location, terminal),
    ]),
  )
}

/** Grouped by file and reason: a filter that left out a thousand tests is one line. */
function skipped(report: RunReport, terminal: Terminal): string[] {
  const groups = Map.groupBy(report.skipped, ({ file, kind, reason }) => JSON.stringify([file, kind, reason]))
  return limited([...groups.values()].map((tests) => skippedGroup(tests, terminal)))
}

function skippedGroup(tests: readonly SkippedTest[], terminal: Terminal): string[] {
  const [first] = tests
  if (!first) return []
  const what =
    tests.length === 1 ? `> ${safeLine(first.test)}: ${first.kind}` : `${number(tests.length)} ${first.kind}`
  const why = first.reason === null ? '' : `, ${safeLine(first.reason)}`
  return item(terminal, `${safeLine(first.file)} ${what}${why}`)
}

function warnings({ warnings: { byFile, top, overflow } }: RunReport, terminal: Terminal): string[] {
  const lines = byFile
    .slice(0, WARNING_FILES_MAX)
    .flatMap(({ file, count: total }) =>
      labelled(terminal, ` ${number(total).padStart(9)}  `, safeLine(file)),
    )
  const left = byFile.length - WARNING_FILES_MAX
  if (left > 0) lines.push(`            … and ${number(left)} more files`)
  for (const warning of top.slice(0, FINGERPRINTS_MAX))
    lines.push(
      ...labelled(
        terminal,
        ` ${`${number(warning.count)} ×`.padStart(9)}  `,
        shorten(safeLine(warningText(warning)), WARNING_CHARS_MAX),
        terminal.colors.dim,
      ),
    )
  if (overflow > 0)
    lines.push(...labelled(terminal, ' '.repeat(12), `${number(overflow)} more that were not told apart`))
  return lines
}
