import { buildReport } from '../../../reporters/analyse/build-report.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import { renderConsole } from '../../../reporters/render/console.ts'
import { renderJson } from '../../../reporters/render/json.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import { writeReports } from '../../../reporters/write-reports.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import type { Stream } from '../output.ts'

/** What becomes of a report. */
export interface OutputOptions {
  /** Absolute. */
  readonly reportDir: string
  /** Write its files. */
  readonly files: boolean
  /** Print the summary. */
  readonly print: boolean
  /** Print the report as JSON instead. */
  readonly machine: boolean
}

/** Where a report is printed. */
export interface PrintedTo {
  /** The folder that names of files are relative to. */
  readonly cwd: string
  readonly stdout: Pick<Stream, 'write' | 'color' | 'width'>
}

/**
 * Writes and prints a report. It is printed also when it cannot be written: a full disk does not cost the summary.
 *
 * @returns why it could not be written; `undefined` when it was, or was not to be
 */
export async function outputReport(
  report: RunReport,
  options: OutputOptions,
  { cwd, stdout }: PrintedTo,
): Promise<unknown> {
  const { reportDir, files, print, machine } = options
  const failure = files ? await failureToWrite(report, reportDir) : undefined
  if (machine) stdout.write(renderJson(report))
  else if (print) {
    const layout = { color: stdout.color, columns: stdout.width }
    const written = files && failure === undefined
    const shown = written ? { ...layout, reportDir: displayPath(reportDir, cwd) } : layout
    stdout.write(renderConsole(report, shown))
  }
  return failure
}

/**
 * Writes the report of a run that has just begun: what is left when the whole machine is killed. A disk that refuses it
 * is named at the end.
 */
export async function writeFirstReport(events: readonly JournalEvent[], reportDir: string): Promise<void> {
  try {
    await writeReports(buildReport(events), reportDir)
  } catch (error) {
    if (!(error instanceof ShakedownError)) throw error
  }
}

async function failureToWrite(report: RunReport, reportDir: string): Promise<unknown> {
  try {
    await writeReports(report, reportDir)
    return undefined
  } catch (error) {
    return error instanceof ShakedownError
      ? error
      : new Error('The report could not be rendered', { cause: error })
  }
}
