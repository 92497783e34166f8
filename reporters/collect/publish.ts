import path from 'node:path'
import { styleText } from 'node:util'
import { ShakedownError } from '../../src/base/errors.ts'
import { buildReport } from '../analyse/build-report.ts'
import { renderConsole, renderCorrection } from '../render/console.ts'
import type { ConsoleOptions } from '../render/console.ts'
import { prose } from '../text/layout.ts'
import { columnsOf, writeText } from '../text/output-stream.ts'
import { loadReportWriter } from '../write-reports.ts'
import type { WriteReports } from '../write-reports.ts'
import type { JournalEvent } from '../journal/events.ts'
import type { RunExitCode, RunReport } from '../report/model.ts'

/** Lines wider than this are hard to read, however wide the terminal. */
const COLUMNS_MAX = 120

/** What becomes of a run's events when it has ended. */
export interface PublishOptions {
  /** What is on record of the run that has just begun: its report is written first, for a run that is killed. */
  readonly begun: readonly JournalEvent[]
  /** Absolute. */
  readonly reportDir: string
  readonly files: boolean
  /** Where the summary goes; `undefined` for nowhere. */
  readonly print: NodeJS.WriteStream | undefined
  /** The terminal, if that is where it goes, has only ASCII. */
  readonly asciiTerminal: boolean
  readonly onReport: ((report: RunReport) => void) | undefined
}

/** A run that has ended, as far as its report needs it. */
export interface EndedRun {
  readonly events: readonly JournalEvent[]
  /** Why the journal is not whole; `undefined` when it is. */
  readonly journalError: Error | undefined
  /** Puts on record what the process ends with, by what is known now. @returns whether that is news */
  exits(): boolean
}

/**
 * Builds the report, writes and prints it.
 *
 * @param corrects the summary was printed before: only what is new is said
 */
export type Publish = (run: EndedRun, corrects?: boolean) => void

/**
 * Loads what a report needs, while the first test files are being imported. Afterwards all is synchronous, because a
 * run may also end in the `exit` event of its process.
 */
export async function preparePublish(options: PublishOptions): Promise<Publish> {
  const { begun, reportDir, files, print, asciiTerminal, onReport } = options
  const write = files ? await loadReportWriter() : undefined
  writeFirstReport(write, begun, reportDir)
  return (run, corrects = false) => {
    const report = judged(run)
    let failure = run.journalError
    try {
      write?.(report, reportDir)
    } catch (error) {
      if (!(error instanceof ShakedownError)) throw error
      failure = error
    }
    // The summary is printed also when the disk is full.
    const render = corrects ? renderCorrection : renderConsole
    if (print) {
      const layout = layoutOf(print, write && !failure ? reportDir : undefined)
      writeText(print, render(report, layout), asciiTerminal)
    }
    onReport?.(report)
    if (failure) complain(failure, asciiTerminal)
  }
}

/** The report of a run. Vitest's own exit code stays, unless a budget that was set is exceeded. */
function judged(run: EndedRun): RunReport {
  run.exits()
  const report = buildReport(run.events)
  if (report.gates.some(({ ok }) => !ok)) exitWith(report.run.exitCode)
  return run.exits() ? buildReport(run.events) : report
}

/** A disk that refuses it is named at the end. */
function writeFirstReport(
  write: WriteReports | undefined,
  begun: readonly JournalEvent[],
  reportDir: string,
): void {
  try {
    if (begun.length > 0) write?.(buildReport(begun), reportDir)
  } catch (error) {
    if (!(error instanceof ShakedownError)) throw error
  }
}

/** A report that cannot be written is the environment's fault: the tests keep their exit code if they have one. */
function complain(failure: Error, asciiTerminal: boolean): void {
  const code = failure instanceof ShakedownError ? `: ${failure.code}` : ''
  const hint =
    failure instanceof ShakedownError && failure.hint !== undefined ? `\n\n${prose(`→ ${failure.hint}`)}` : ''
  writeText(process.stderr, `shakedown${code}\n\n${prose(failure.message)}${hint}\n`, asciiTerminal)
  exitWith(2)
}

/** The first reason to fail decides. */
function exitWith(code: RunExitCode): void {
  if (code !== 0) process.exitCode ||= code
}

function layoutOf(stream: NodeJS.WriteStream, reportDir: string | undefined): ConsoleOptions {
  const layout = { color: takesColor(stream), columns: columnsOf(stream, COLUMNS_MAX) }
  if (reportDir === undefined) return layout
  return { ...layout, reportDir: path.relative(process.cwd(), reportDir).replaceAll('\\', '/') || '.' }
}

/**
 * Node knows the terminal, `NO_COLOR` and `FORCE_COLOR`. That this is CI says nothing of a log that goes into a file.
 */
function takesColor(stream: NodeJS.WriteStream): boolean {
  return styleText('red', '-', { stream }) !== '-'
}
