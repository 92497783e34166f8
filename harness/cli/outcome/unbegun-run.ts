import path from 'node:path'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { factsOf } from '../../../reporters/collect/run-facts.ts'
import type { JournalEvent, RunStarted } from '../../../reporters/journal/events.ts'
import { REFUSED_RUN } from '../../../reporters/report/model.ts'
import { REPORT_DIR } from '../../../reporters/report/places.ts'
import { JournalWriter } from '../../../reporters/journal/writer.ts'
import { refuseForeignReports, writeReports } from '../../../reporters/write-reports.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { createRedactor, type Redactor } from '../../../src/base/redact/redactor.ts'
import type { SettledSettings, VitestJob } from '../supervisor/messages.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { noteReport, UnfinishedError } from '../describe-error.ts'
import { guessedReportDir } from './guessed-report-dir.ts'
import { settledValue } from '../../settings/settle.ts'
import type { Layer } from '../../settings/settle.ts'
import { statOf } from '../stat-of.ts'
import { findVitest } from '../supervisor/find-vitest.ts'

/**
 * Leaves the report of a run that was refused or ended before it had begun, for readers who see the report and not the
 * log: a page of CI shows the file that it was told of, or complains that there is none. It is left where the report
 * was to be, and where that is, is said with the error.
 *
 * @param why what is printed
 * @param settings `undefined` when the configuration was refused before it could be read
 */
export async function reportUnbegun(
  why: ShakedownError,
  settings: SettledSettings | undefined,
  { cwd, overrides, vitestVersion }: Pick<VitestJob, 'cwd' | 'overrides' | 'vitestVersion'>,
): Promise<void> {
  const files = settings === undefined ? overrides.files?.value : settledValue(settings.values, 'files')
  if (files === false) return
  const reportDir = settings?.reportDir ?? reportDirOf(overrides, cwd)
  const started = startOf(cwd, vitestVersion)
  const redactor = createRedactor(settings === undefined ? [] : settledValue(settings.values, 'redact'))
  const events = [started, ...endOf(why, started.atMs, redactor)]
  try {
    refuseForeignReports(reportDir)
    const journal = new JournalWriter(reportDir, started.runId)
    for (const event of events) journal.append(event)
    journal.close()
    const { html } = await writeReports(buildReport(events), reportDir)
    noteReport(why, displayPath(html, cwd))
  } catch {
    // A folder that cannot be written is perhaps what the run was refused for; why it did not begin is printed.
  }
}

/**
 * Leaves the report of a run that was refused before there was anything to do, such as for a path or a flag. Only where
 * a report folder is already: that is where an older report was, and where one is looked for.
 *
 * @param why anything; what is no `ShakedownError` leaves nothing
 */
export async function reportRefused(why: unknown, overrides: Layer, cwd: string): Promise<void> {
  const reportDir = reportDirOf(overrides, cwd)
  if (!(why instanceof ShakedownError) || statOf(reportDir)?.isDirectory() !== true) return
  await reportUnbegun(why, undefined, { cwd, overrides, vitestVersion: installedVitest(cwd) })
}

/** Where the report was to be, of a run whose configuration was not read. */
function reportDirOf({ reportDir, config }: Layer, cwd: string): string {
  return reportDir?.value ?? guessedReportDir(cwd, config?.value) ?? path.join(cwd, REPORT_DIR)
}

function installedVitest(cwd: string): string {
  try {
    return findVitest(cwd).version
  } catch {
    return 'unknown'
  }
}

function startOf(cwd: string, vitest: string): RunStarted {
  return {
    ...factsOf(cwd, vitest),
    shard: null,
    passWithNoTests: false,
    root: '.',
    budgets: {},
  }
}

function endOf(why: ShakedownError, atMs: number, redactor: Redactor): JournalEvent[] {
  const { code, hint } = why
  // What was refused may have been typed in the wrong place: a token where a path should be.
  const message = redactor.text(
    [`${code}: ${why.message}`, ...(hint === undefined ? [] : [`→ ${hint}`])].join('\n\n'),
  )
  // Without an end it is what it was: killed.
  if (why instanceof UnfinishedError) return [{ type: 'records-lost', atMs, message }]
  const error = { name: REFUSED_RUN, message, stack: null, diff: null, location: null, causes: [] }
  return [
    { type: 'run-failed', atMs, error },
    { type: 'run-ended', atMs, status: 'failed' },
  ]
}
