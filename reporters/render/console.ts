import { createTerminal, labelled, rule } from '../text/terminal.ts'
import { failureBlocks } from './console/failures.ts'
import { errorFields, field } from './console/fields.ts'
import { overview } from './console/overview.ts'
import { troubleSections } from './console/troubles.ts'
import { count, exitCodeWords, FLAKY_WORD, headline, number } from '../text/words.ts'
import { THE_RUN } from '../report/model.ts'
import { withProjectNames } from '../text/projects.ts'
import type { RunReport } from '../report/model.ts'

/**
 * How the summary is printed.
 *
 * @example
 * const options: ConsoleOptions = { color: true, columns: 100 }
 */
export interface ConsoleOptions {
  /** Use ANSI colours. Nothing is told by colour alone. */
  readonly color: boolean
  /** Width of the terminal; what is not a terminal has 80. */
  readonly columns: number
  /** Where the report files are, for the reader to open; leave it out when none were written. */
  readonly reportDir?: string
}

/**
 * The summary for a terminal or a CI log: the run in a few lines, and last, where a scrolled log ends, the
 * `FAILURE SUMMARY`.
 *
 * @example process.stdout.write(renderConsole(report, { color: false, columns: 80 }))
 */
export function renderConsole(run: RunReport, { color, columns, reportDir }: ConsoleOptions): string {
  const report = withProjectNames(run)
  const terminal = createTerminal(color, columns)
  const { red, yellow, bold } = terminal.colors
  const lines = ['', ...overview(report, terminal, reportDir)]
  const sections = troubleSections(report, terminal)
  const { status, exitCode } = report.run
  const failed = status === 'failed' || status === 'incomplete'
  if (failed)
    lines.push(
      '',
      rule(terminal, 'FAILURE SUMMARY', red),
      ...failureBlocks(report.failures, terminal, reportDir),
    )
  for (const { title, lines: body } of sections) lines.push('', ` ${bold(title)}`, ...body)
  if (failed || exitCode !== 0) lines.push('', ...labelled(terminal, ' ', verdict(report), red))
  else if (status === 'empty') lines.push('', yellow(' Nothing to run, so nothing was proved.'))
  else if (sections.length > 0) lines.push('', yellow(' Passed, with the remarks above.'))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n\n`
}

/**
 * What is printed when the report has changed after its summary was printed: the tests were not the end of it.
 *
 * @example process.stdout.write(renderCorrection(report, { color: false, columns: 80, reportDir: '.shakedown' }))
 */
export function renderCorrection(run: RunReport, { color, columns, reportDir }: ConsoleOptions): string {
  const terminal = createTerminal(color, columns)
  const { red, yellow, bold } = terminal.colors
  const failures = run.failures.filter(({ file }) => file === THE_RUN)
  const { status } = run.run
  const paint = status === 'passed' || status === 'empty' ? yellow : red
  const title = failures.length === 0 ? 'After the tests' : `${headline(run)}, after the tests`
  const lines = [
    '',
    paint(bold(` ${failures.length === 0 ? '!' : '✗'} ${title}`)),
    ...failures.flatMap(({ error }) => errorFields(error, terminal)),
    ...field(terminal, 'Ends', `with ${exitCodeWords(run.run)}`),
    ...(reportDir === undefined ? [] : field(terminal, 'Report', `${reportDir}/report.html has it`)),
  ]
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n\n`
}

function verdict({ run, totals, failures, asyncErrors }: RunReport): string {
  const found = [
    failures.length > 0 ? `Total failures: ${failures.length}` : '',
    asyncErrors.length > 0 ? count(asyncErrors.length, 'async error') : '',
    totals.flaky > 0 ? `${number(totals.flaky)} ${FLAKY_WORD}` : '',
    exitCodeWords(run),
  ]
  return found.filter((part) => part !== '').join(' · ')
}
