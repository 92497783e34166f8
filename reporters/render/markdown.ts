import { DETAILS } from './markdown/detail.ts'
import { remarks } from './markdown/remarks.ts'
import { code, table } from './markdown/text.ts'
import { troubles } from './markdown/troubles.ts'
import { withProjectNames } from '../text/projects.ts'
import { shorten } from '../text/visible.ts'
import {
  count,
  duration,
  exitCodeWords,
  FILE_WORD,
  headline,
  number,
  parts,
  provenance,
  testParts,
} from '../text/words.ts'
import type { FileStatus } from '../report/files.ts'
import type { RunReport } from '../report/model.ts'

/**
 * What GitHub accepts as one step's job summary is 1 MiB; this leaves room for what else the step writes.
 *
 * @example
 * renderMarkdown(report, { bytesMax: SUMMARY_BYTES_MAX })
 */
export const SUMMARY_BYTES_MAX = 1_000_000

/**
 * What GitHub accepts as the body of a comment.
 *
 * @example
 * renderMarkdown(report, { bytesMax: COMMENT_BYTES_MAX })
 */
export const COMMENT_BYTES_MAX = 65_536

const FACT_CHARS_MAX = 100

const MARK = { passed: '✅', failed: '❌', incomplete: '⚠️', empty: '⚠️' } as const

/**
 * @example
 * const options: MarkdownOptions = { bytesMax: COMMENT_BYTES_MAX }
 */
export interface MarkdownOptions {
  /** Size limit in UTF-8 bytes. Default: `SUMMARY_BYTES_MAX`; for a comment, pass `COMMENT_BYTES_MAX`. */
  readonly bytesMax?: number
  /** Where the runs are that the next steps name. Default: `.shakedown`. */
  readonly reportDir?: string
}

/**
 * The report in GitHub's Markdown, for a job summary, a pull request comment or `report.md`.
 *
 * When it does not fit, detail is given up in the order of `DETAILS` and a line says what is missing; nothing is
 * ever cut in the middle.
 *
 * @example
 * appendFileSync('summary.md', renderMarkdown(report, { bytesMax: SUMMARY_BYTES_MAX }))
 */
export function renderMarkdown(run: RunReport, options: MarkdownOptions = {}): string {
  const { bytesMax = SUMMARY_BYTES_MAX, reportDir } = options
  const report = withProjectNames(run)
  let text = ''
  for (let level = 0; level < DETAILS.length; level += 1) {
    text = renderAt(report, level, reportDir)
    if (Buffer.byteLength(text) <= bytesMax) return text
  }
  return text
}

function renderAt(report: RunReport, level: number, reportDir?: string): string {
  const detail = DETAILS[level] ?? DETAILS[0]
  const dropped = DETAILS.slice(1, level + 1).map((left) => left.dropped)
  const blocks = [
    `## ${MARK[report.run.status]} ${headline(report)}`,
    facts(report),
    ...exceededGates(report),
    totals(report),
  ]
  if (detail.entriesMax > 0) blocks.push(...troubles(report, detail, reportDir))
  if (detail.remarks) blocks.push(...remarks(report, detail))
  if (dropped.length > 0) blocks.push(`_Left out to fit: ${dropped.join('; ')}. report.html has everything._`)
  return `${blocks.join('\n\n')}\n`
}

function facts({ run }: RunReport): string {
  const shown = provenance(run).map((part) => code(shorten(part, FACT_CHARS_MAX)))
  return [duration(run.durationMs), exitCodeWords(run), ...shown].join(' · ')
}

/** Why the run failed where no test says so: stands open, whatever else had to be left out. */
function exceededGates({ gates }: RunReport): string[] {
  const lines = gates
    .filter(({ ok }) => !ok)
    .map(({ name, limit, actual }) => `- **${code(name)}**: ${number(actual)}, allowed ${number(limit)}`)
  return lines.length === 0 ? [] : [`**Gates exceeded**\n\n${lines.join('\n')}`]
}

function totals({ totals: all, files, scenarios, asyncErrors, warnings }: RunReport): string {
  const having = (...statuses: FileStatus[]): number =>
    files.filter(({ status }) => statuses.includes(status)).length
  const rows = [
    [
      'Files',
      number(all.files),
      parts([
        [files.length - having('passed', 'skipped', 'notRun'), 'with problems'],
        [all.lost, 'lost'],
        [all.notRun, FILE_WORD.notRun],
        [having('skipped'), FILE_WORD.skipped],
      ]).join(', '),
    ],
    ['Tests', number(all.tests), testParts(all).join(', ')],
  ]
  if (scenarios.total > 0) rows.push(['Scenarios', number(scenarios.total), scenarioResults(scenarios)])
  if (asyncErrors.length > 0) rows.push(['Async errors', number(asyncErrors.length), ''])
  if (warnings.total > 0)
    rows.push(['Warnings', number(warnings.total), `from ${count(warnings.byFile.length, 'file')}`])
  return table(['', 'Total', ''], rows)
}

function scenarioResults({
  passed,
  failed,
  vacuous,
  faultsFired,
  virtualMs,
  wallMs,
}: RunReport['scenarios']): string {
  const results = parts([
    [passed, 'passed'],
    [failed, 'failed'],
    [vacuous, 'vacuous'],
  ])
  if (faultsFired > 0) results.push(`${count(faultsFired, 'fault')} fired`)
  return `${results.join(', ')}; ${duration(virtualMs)} of virtual time in ${duration(wallMs)}`
}
