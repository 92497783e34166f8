import { comparedIn } from '../../text/comparison.ts'
import { firstLines, shorten } from '../../text/visible.ts'
import { fold } from '../../text/layout.ts'
import { labelled, safe, safeLine } from '../../text/terminal.ts'
import type { Compared } from '../../text/comparison.ts'
import type { ErrorCause, ErrorInfo, SourceLocation } from '../../report/error-info.ts'
import type { Paint, Terminal } from '../../text/terminal.ts'

const MESSAGE_LINES_MAX = 15
const DIFF_LINES_MAX = 30
/** A value in full is in the report. */
const VALUE_CHARS_MAX = 600
/** What is before the text of a field. */
const FIELD_COLUMNS = 13

/** The message, what it compares and where to look, and the same of what it is made of or was caused by. */
export function errorFields(error: ErrorInfo, terminal: Terminal, label = 'Error'): string[] {
  const message = firstLines(safe(error.message), MESSAGE_LINES_MAX)
  // `Error` says nothing that the label has not said; `TypeError` does.
  const lines = field(
    terminal,
    label,
    error.name === 'Error' ? message : `${safeLine(error.name)}: ${message}`,
  )
  lines.push(...diffFields(error.diff, terminal))
  return [
    ...lines,
    ...placeField(error.location, terminal),
    ...codeFrame(error, terminal),
    ...error.causes.flatMap((cause) => causeFields(cause, terminal)),
  ]
}

function causeFields(cause: ErrorCause, terminal: Terminal): string[] {
  const text = firstLines(`${safeLine(cause.name)}: ${safe(cause.message)}`, MESSAGE_LINES_MAX)
  return [
    ...field(terminal, 'Cause', text),
    ...placeField(cause.location, terminal),
    ...codeFrame(cause, terminal),
  ]
}

/** `At      : src/cart.ts:31:5`. */
export function placeField(place: SourceLocation | null, terminal: Terminal): string[] {
  if (place === null) return []
  return field(terminal, 'At', `${safeLine(place.file)}:${place.line}:${place.column}`, terminal.colors.cyan)
}

/** Two values one below the other, or the lines of a diff. */
export function diffFields(diff: string | null, terminal: Terminal): string[] {
  if (diff === null) return []
  const compared = comparedIn(diff)
  if (compared !== undefined) return comparedFields(compared, terminal)
  const lines = firstLines(safe(diff), DIFF_LINES_MAX).split('\n')
  return lines.flatMap((line, index) =>
    field(terminal, index === 0 ? 'Diff' : '', line, diffPaint(line, terminal)),
  )
}

/** Both values begin in the same column, so that the eye finds where they differ. */
export function comparedFields({ expected, received }: Compared, terminal: Terminal): string[] {
  const { green, red } = terminal.colors
  return [
    ...field(terminal, 'Expected', folded(expected, terminal), green),
    ...field(terminal, 'Received', folded(received, terminal), red),
  ]
}

/** A value that is one long word, such as a digest, is broken where the line ends. */
function folded(value: string, { columns }: Terminal): string {
  return fold(safe(shorten(value, VALUE_CHARS_MAX)), columns - FIELD_COLUMNS)
}

/** The lines it came from, as they are: wrapped, the mark would be under another letter. */
function codeFrame(
  { codeFrame: frame }: Pick<ErrorInfo, 'codeFrame'>,
  { colors, columns }: Terminal,
): string[] {
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
  return labelled(terminal, label === '' ? ' '.repeat(FIELD_COLUMNS) : `   ${label.padEnd(8)}: `, text, paint)
}
