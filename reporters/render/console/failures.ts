import { duration, FAILURE_WORD, inPhase, nextCommand } from '../../text/words.ts'
import { shorten } from '../../text/visible.ts'
import { shownErrors } from '../../text/comparison.ts'
import { labelled, safeLine } from '../../text/terminal.ts'
import { checkFields } from './checks.ts'
import { errorFields, field } from './fields.ts'
import type { Failure } from '../../report/model.ts'
import type { Terminal } from '../../text/terminal.ts'

/** More than this scrolls the first failure off every screen; the HTML report has them all. */
const FAILURES_SHOWN_MAX = 50
const NAME_CHARS_MAX = 300

/** One block per failure: what, status, duration, error, place. */
export function failureBlocks(
  failures: readonly Failure[],
  terminal: Terminal,
  reportDir: string | undefined,
): string[] {
  const lines = failures
    .slice(0, FAILURES_SHOWN_MAX)
    .flatMap((failure) => failureBlock(failure, terminal, reportDir))
  const left = failures.length - FAILURES_SHOWN_MAX
  return left > 0 ? [...lines, '', `   … and ${left} more failures, all in the report`] : lines
}

function failureBlock(failure: Failure, terminal: Terminal, reportDir: string | undefined): string[] {
  const { colors } = terminal
  const { file, test, status, phase, retries } = failure
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
    ...shownErrors(failure).flatMap((shown, index) => {
      const label = index === 0 ? 'Error' : 'Also'
      return shown.kind === 'checks'
        ? checkFields(shown.checks, shown.error, terminal, label)
        : errorFields(shown.error, terminal, label)
    }),
    ...nextField(failure, terminal, reportDir),
  ]
}

/** What tells more than the error does. */
function nextField(failure: Failure, terminal: Terminal, reportDir: string | undefined): string[] {
  const next = reportDir === undefined ? '' : nextCommand(failure, reportDir)
  return next === '' ? [] : field(terminal, 'Next', safeLine(next), terminal.colors.cyan)
}
