import { appendFileSync } from 'node:fs'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import { readJournal } from '../../../reporters/journal/reader.ts'
import { renderConsole } from '../../../reporters/render/console.ts'
import { renderJson } from '../../../reporters/render/json.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import { count } from '../../../reporters/text/words.ts'
import { writeReports } from '../../../reporters/write-reports.ts'
import { ShakedownError } from '../../../src/index.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import type { CommandLine } from '../command-line.ts'
import { describeError, UnfinishedError } from '../describe-error.ts'
import type { ExitCode } from '../exit-code.ts'
import type { SettledSettings } from '../supervisor/messages.ts'
import type { ChildEnd } from '../supervisor/supervisor.ts'
import { prose } from '../../../reporters/text/layout.ts'

/** A run that left a journal. */
export interface RecordedRun {
  readonly end: Exclude<ChildEnd, { kind: 'refused' }>
  readonly settings: SettledSettings
  /** The journal's file. */
  readonly journal: string
  /** The pattern that names had to match, if one was given. */
  readonly name: string | undefined
}

/**
 * Turns a journal into the report, writes and prints it: after a good run, a failed one, and one whose process is no
 * more.
 *
 * @param machine print the report as JSON instead of the summary
 */
export function conclude(run: RecordedRun, machine: boolean, cli: CommandLine): ExitCode {
  const { end, settings, journal } = run
  recordEnd(journal, end)
  const report = buildReport(readJournal(journal).events)
  const { stdout, stderr } = cli.output
  if (end.kind === 'died') stderr.write(obituary(end))
  const failure = option(settings, 'files') ? attemptToWrite(report, settings.reportDir) : undefined
  const written = option(settings, 'files') && failure === undefined
  const reportDir = written ? displayPath(settings.reportDir, cli.cwd) : undefined
  if (machine) stdout.write(renderJson(report))
  else if (option(settings, 'print')) {
    const layout = { color: stdout.color, columns: stdout.width }
    stdout.write(renderConsole(report, reportDir === undefined ? layout : { ...layout, reportDir }))
  }
  const complaint = failure ?? nothingMatched(report, run.name)
  if (complaint === undefined) return report.run.exitCode
  const { text, exitCode } = describeError(complaint, cli.environment.debug)
  stderr.write(text)
  return report.run.exitCode === 0 ? exitCode : report.run.exitCode
}

/** A misspelt name leaves out every test, and the run would pass without having tried anything. */
function nothingMatched({ totals }: RunReport, name: string | undefined): ShakedownError | undefined {
  if (name === undefined || totals.deselected < totals.tests) return undefined
  return new ShakedownError(
    'E_NO_MATCH',
    `Expected a test whose full name matches /${name}/, got none among ${count(totals.tests, 'test')}.`,
    { hint: 'A full name is that of the suites and the test, joined by blanks.' },
  )
}

/** The error of a run that ended before it had begun. */
export function neverBegan(end: RecordedRun['end']): Error {
  switch (end.kind) {
    case 'stopped':
      return new UnfinishedError('E_INTERRUPTED', `Interrupted by ${end.signal} before any test had started.`)
    case 'died':
      return new UnfinishedError(
        'E_VITEST_DIED',
        `Expected Vitest to run, but its process ${end.how} before any test had started.${lastOutput(end.lastOutput)}`,
        { hint: '`npx vitest run` may show more.' },
      )
    case 'finished':
    case 'lingered':
      return new Error('Vitest finished without having begun a run')
  }
}

/** What the process could no longer write about itself. */
function recordEnd(journal: string, end: RecordedRun['end']): void {
  const atMs = Date.now()
  const ended = readJournal(journal).events.some(({ type }) => type === 'run-ended')
  if (end.kind === 'stopped' && !ended) append(journal, { type: 'run-ended', atMs, status: 'interrupted' })
  if (end.kind === 'lingered') {
    const { limitMs } = end
    append(journal, {
      type: 'hang',
      atMs,
      kind: 'run',
      file: null,
      phase: 'close',
      limitMs,
      elapsedMs: limitMs,
    })
  }
  if (end.kind === 'died') {
    const message = `The process that ran Vitest ${end.how}.`
    const error = { name: 'ProcessDied', message, stack: null, diff: null, location: null, causes: [] }
    append(journal, { type: 'worker-crashed', atMs, file: null, error })
  }
}

function append(journal: string, event: JournalEvent): void {
  // On a line of its own, also behind one that was torn.
  appendFileSync(journal, `\n${JSON.stringify(event)}\n`)
}

function attemptToWrite(report: RunReport, reportDir: string): unknown {
  try {
    writeReports(report, reportDir)
    return undefined
  } catch (error) {
    return error instanceof ShakedownError
      ? error
      : new Error('The report could not be rendered', { cause: error })
  }
}

function option({ values }: SettledSettings, name: string): boolean {
  return values.find((value) => value.name === name)?.value !== false
}

function obituary({ how, lastOutput: output }: Extract<ChildEnd, { kind: 'died' }>): string {
  const sentence = `shakedown: the process that ran Vitest ${how}; the report holds what was recorded.`
  return `${prose(sentence)}${lastOutput(output)}\n`
}

function lastOutput(output: string): string {
  return output === '' ? '' : `\nLast output:\n${output.replaceAll(/^/gm, '  ')}`
}
