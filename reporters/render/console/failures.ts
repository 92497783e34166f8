import { duration, FAILURE_WORD, inPhase } from '../../text/words.ts'
import { firstLines, shorten } from '../../text/visible.ts'
import { labelled, safe, safeLine } from '../../text/terminal.ts'
import type { ErrorInfo } from '../../report/error-info.ts'
import type { Failure } from '../../report/model.ts'
import type { Paint, Terminal } from '../../text/terminal.ts'

/** More than this scrolls the first failure off every screen; the HTML report has them all. */
const FAILURES_SHOWN_MAX = 50
const MESSAGE_LINES_MAX = 15
const DIFF_LINES_MAX = 30
const NAME_CHARS_MAX = 300

/** One block per failure: what, status, duration, error, place. */
export function failureBlocks(failures: readonly Failure[], terminal: Terminal): string[] {
  const lines = failures.slice(0, FAILURES_SHOWN_MAX).flatMap((failure) => failureBlock(failure, terminal))
  const left = failures.length - FAILURES_SHOWN_MAX
  return left > 0 ? [...lines, '', `   … and ${left} more failures, all in the report`] : lines
}

function failureBlock(failure: Failure, terminal: Terminal): string[] {
  const { colors } = terminal
  const { file, test, status, phase, error, moreErrors, retries } = failure
  const name = test === null ? safeLine(file) : `${safeLine(file)} > ${safeLine(test)}`
  const tries = retries > 0 ? `after ${retries + 1} attempts` : ''
  return [
    '',
    ...labelled(terminal, ' ✗ ', shorten(name, NAME_CHARS_MAX), colors.bold, colors.red),
    ...field(
      terminal,
      'Status',
      [FAILURE_WORD[status], inPhase(phase), tries].filter(Boolean).join(' '),
      colors.red,
    ),
    // An import or a suite's hook has no measured duration.
    ...(failure.durationMs > 0 ? field(terminal, 'Duration', duration(failure.durationMs)) : []),
    ...errorFields(error, terminal),
    ...moreErrors.flatMap((more) => errorFields(more, terminal, 'Also')),
  ]
}

/** The message, what it compares, what caused it and where to look. */
export function errorFields(error: ErrorInfo, terminal: Terminal, label = 'Error'): string[] {
  const { colors } = terminal
  const message = firstLines(safe(error.message), MESSAGE_LINES_MAX)
  // `Error` says nothing that the label has not said; `TypeError` does.
  const lines = field(
    terminal,
    label,
    error.name === 'Error' ? message : `${safeLine(error.name)}: ${message}`,
  )
  if (error.diff !== null)
    for (const line of firstLines(safe(error.diff), DIFF_LINES_MAX).split('\n'))
      lines.push(...field(terminal, '', line, diffPaint(line, terminal)))
  for (const cause of error.causes)
    lines.push(
      ...field(
        terminal,
        'Cause',
        firstLines(`${safeLine(cause.name)}: ${safe(cause.message)}`, MESSAGE_LINES_MAX),
      ),
    )
  if (error.location)
    lines.push(
      ...field(
        terminal,
        'At',
        `${safeLine(error.location.file)}:${error.location.line}:${error.location.column}`,
        colors.cyan,
      ),
      ...codeFrame(error, terminal),
    )
  return lines
}

/** The lines it came from, as they are: wrapped, the mark would be under another letter. */
function codeFrame({ codeFrame: frame }: ErrorInfo, { colors, columns }: Terminal): string[] {
  if (frame === undefined) return []
  return safe(frame)
    .split('\n')
    .map((line) => shorten(`   ${line}`, columns))
    .map((line) => (line.startsWith('   >') ? line : colors.dim(line)))
}

function diffPaint(line: string, { colors }: Terminal): Paint {
  if (line.startsWith('-')) return colors.green
  return line.startsWith('+') ? colors.red : colors.dim
}

/** `   Status  : FAIL`; without a label the text continues the field above. */
export function field(terminal: Terminal, label: string, text: string, paint?: Paint): string[] {
  return labelled(terminal, label === '' ? ' '.repeat(13) : `   ${label.padEnd(8)}: `, text, paint)
}
