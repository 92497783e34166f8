import {
  count,
  duration,
  FILE_STATUSES,
  FILE_WORD,
  headline,
  number,
  parts,
  provenance,
  testParts,
} from '../../text/words.ts'
import { OUTPUTS } from '../outputs.ts'
import { labelled, safeLine } from '../../text/terminal.ts'
import { NO_BREAK } from '../../text/wrap.ts'
import type { RunReport } from '../../report/model.ts'
import type { Paint, Terminal } from '../../text/terminal.ts'

/** Tests named as slow on a happy day. */
const SLOW_SHOWN_MAX = 3
/** A test faster than this is not worth a line, even if it is the slowest. */
const SLOW_MS_MIN = 300

const LABEL_COLUMNS = 12

/** The file that a person opens; the others are for programs. */
const READ_FIRST = 'report.html'
const OTHER_FILES = OUTPUTS.map(({ file }) => file).filter((file) => file !== READ_FIRST)

/** The run in a dozen lines: what it was, how it ended, how much of what. */
export function overview(report: RunReport, terminal: Terminal, reportDir?: string): string[] {
  const { run, totals, scenarios, warnings } = report
  const row = (label: string, text: string, paint?: Paint): string[] =>
    labelled(terminal, ` ${label.padEnd(LABEL_COLUMNS - 1)}`, text, paint)
  const { dim, yellow } = terminal.colors
  const lines = [
    title(report, terminal),
    ...row('', [...provenance(run).map(safeLine), duration(run.durationMs)].join(' · '), dim),
    '',
    ...row('Files', totalLine(totals.files, filesByStatus(report))),
    ...row('Tests', totalLine(totals.tests, testParts(totals))),
  ]
  if (scenarios.total > 0) lines.push(...row('Scenarios', totalLine(scenarios.total, scenarioParts(report))))
  if (scenarios.virtualMs > 0)
    lines.push(
      ...row('', `${duration(scenarios.virtualMs)} of virtual time in ${duration(scenarios.wallMs)}`),
    )
  if (warnings.total > 0)
    lines.push(
      ...row('Warnings', `${number(warnings.total)} from ${count(warnings.byFile.length, 'file')}`, yellow),
    )
  for (const [index, slow] of slowest(report).entries())
    lines.push(
      ...row(
        index === 0 ? 'Slowest' : '',
        `${duration(slow.durationMs)}  ${safeLine(slow.file)} > ${safeLine(slow.test)}`,
        dim,
      ),
    )
  if (reportDir !== undefined)
    lines.push(
      '',
      ...row('Report', `${reportDir}/${READ_FIRST}`),
      ...row('', `also ${OTHER_FILES.join(', ')}`, dim),
    )
  return lines
}

function title(report: RunReport, { colors }: Terminal): string {
  const { status } = report.run
  const paint = status === 'passed' ? colors.green : status === 'failed' ? colors.red : colors.yellow
  const mark = status === 'passed' ? '✓' : status === 'failed' ? '✗' : '!'
  return paint(colors.bold(` ${mark} ${headline(report)}`))
}

function totalLine(total: number, words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? number(total)
  // A number stays on the line of what it counts.
  return `${number(total)}: ${words.map((word) => word.replaceAll(' ', NO_BREAK)).join(', ')}`
}

function filesByStatus({ files }: RunReport): string[] {
  return parts(
    FILE_STATUSES.toReversed().map((status) => [
      files.filter((file) => file.status === status).length,
      FILE_WORD[status],
    ]),
  )
}

function scenarioParts({ scenarios }: RunReport): string[] {
  const { passed, failed, vacuous, faultsFired } = scenarios
  const results = parts([
    [passed, 'passed'],
    [failed, 'failed'],
    [vacuous, 'vacuous'],
  ])
  return faultsFired > 0 ? [...results, `${count(faultsFired, 'fault')} fired`] : results
}

function slowest({ slowest: tests }: RunReport): RunReport['slowest'] {
  return tests.filter(({ durationMs }) => durationMs >= SLOW_MS_MIN).slice(0, SLOW_SHOWN_MAX)
}
