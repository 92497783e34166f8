import { buildReport } from '../../../reporters/analyse/build-report.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import { appendJournalText, readJournalText } from '../../../reporters/journal/journal-file.ts'
import { parseJournal } from '../../../reporters/journal/reader.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import { nameSeparator } from '../../../reporters/text/name-separator.ts'
import { count } from '../../../reporters/text/words.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { createRedactor } from '../../../src/base/redact/redactor.ts'
import type { CommandLine } from '../command-line.ts'
import { describeError, UnfinishedError } from '../describe-error.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import type { SettledSettings, UnwrittenMessage } from '../supervisor/messages.ts'
import type { ChildEnd } from '../supervisor/supervisor.ts'
import { settledValue } from '../../settings/settle.ts'
import { beginsWith } from '../supervisor/file-seal.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { outputReport } from './output-report.ts'
import { prose } from '../../../reporters/text/layout.ts'

/** A run that left a journal. */
export interface RecordedRun {
  readonly end: Exclude<ChildEnd, { kind: 'refused' }>
  readonly settings: SettledSettings
  /** The journal's file. */
  readonly journal: string
  /** What belongs after the journal and could not be written to it. */
  readonly unwritten: UnwrittenMessage
  /** The pattern that names had to match, if one was given. */
  readonly name: string | undefined
}

/**
 * Turns a journal into the report, writes and prints it: after a good run, a failed one, and one whose process
 * died.
 *
 * @param machine print the report as JSON instead of the summary
 */
export async function conclude(run: RecordedRun, machine: boolean, cli: CommandLine): Promise<ExitCode> {
  const { end, settings, journal, unwritten } = run
  const recorded = recordedEvents(run, cli.cwd)
  const added = endEvents(recorded, end)
  append(journal, added)
  const report = buildReport([...recorded, ...added])
  const { stderr } = cli.output
  if (end.kind === 'died') stderr.write(diedMessage(end))
  const { reportDir, values } = settings
  const wanted = {
    reportDir,
    files: settledValue(values, 'files'),
    print: settledValue(values, 'print'),
    machine,
  }
  const failure = await outputReport(report, wanted, { cwd: cli.cwd, stdout: cli.output.stdout })
  const complaint = failure ?? journalError(unwritten) ?? nothingMatched(report, run.name)
  if (complaint === undefined) return report.run.exitCode
  const { text, exitCode } = describeError(complaint, cli.environment.debug)
  stderr.write(text)
  return report.run.exitCode === 0 ? exitCode : report.run.exitCode
}

/** A misspelt name leaves out every test: say what was looked for. */
function nothingMatched({ run, totals }: RunReport, name: string | undefined): ShakedownError | undefined {
  if (name === undefined || run.status !== 'empty' || run.exitCode === EXIT.passed) return undefined
  const matching = totals.tests - totals.deselected
  const all = count(totals.tests, 'test')
  return new ShakedownError(
    'E_NO_MATCH',
    matching === 0
      ? `Expected a test whose full name matches /${name}/, got none among ${all}.`
      : `Expected a test to run whose full name matches /${name}/, got only skipped ones: ${matching} of ${all}.`,
    { hint: hintAtNames(run.vitest) },
  )
}

function hintAtNames(vitest: string): string {
  const separator = nameSeparator(vitest)
  const joined = separator === ' ' ? 'a blank' : `\`${separator}\``
  return `A full name is that of the suites and the test, which Vitest ${Number.parseInt(vitest)} joins by ${joined}: \`suite${separator}test\`.`
}

/** What the process of Vitest said, without the secrets that the settings name or that are known by their shape. */
export function redactedEnd(end: ChildEnd, settings: SettledSettings | undefined): ChildEnd {
  const redactor = createRedactor(settings === undefined ? [] : settledValue(settings.values, 'redact'))
  switch (end.kind) {
    case 'died':
      return { ...end, lastOutput: redactor.text(end.lastOutput) }
    case 'finished':
      return { ...end, complaints: redactor.text(end.complaints) }
    case 'refused': {
      const { refusal } = end
      const { message, hint } = refusal
      const redacted = { message: redactor.text(message), hint: hint && redactor.text(hint) }
      return { ...end, refusal: { ...refusal, ...redacted } }
    }
    case 'lingered':
    case 'stopped':
      return end
  }
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

/** What is on record of the run; without a journal and its text, that nothing is. A test can do to it what it likes. */
function recordedEvents(
  { journal, unwritten: { text, whole } }: RecordedRun,
  cwd: string,
): readonly JournalEvent[] {
  const shown = displayPath(journal, cwd)
  const { written, problem } = writtenText(journal)
  const { events } = parseJournal(written + text, shown)
  const changed = whole !== undefined && problem === undefined && !beginsWith(Buffer.from(written), whole)
  if (events.length > 0) return changed ? [...events, changedEvent(shown)] : events
  const why =
    problem?.message ?? `Expected the journal ${shown} to hold what happened, got nothing that can be read.`
  return [{ type: 'records-lost', atMs: Date.now(), message: `Nothing is on record of this run. ${why}` }]
}

function changedEvent(journal: string): JournalEvent {
  const message = `The journal ${journal} was changed while the run was going on, so results may be false: it is not what was written to it.`
  return { type: 'records-lost', atMs: Date.now(), message }
}

function writtenText(journal: string): { readonly written: string; readonly problem?: Error } {
  try {
    return { written: readJournalText(journal) }
  } catch (problem) {
    if (!(problem instanceof ShakedownError)) throw problem
    return { written: '', problem }
  }
}

/** Why the journal is not whole: the environment's fault, also when the report is. */
function journalError({ error }: UnwrittenMessage): ShakedownError | undefined {
  return error && new ShakedownError(error.code, error.message, { hint: error.hint })
}

const PLAIN_ERROR = { stack: null, diff: null, location: null, causes: [] } as const

/** What the process that ran Vitest could not write about itself. */
function endEvents(recorded: readonly JournalEvent[], end: RecordedRun['end']): readonly JournalEvent[] {
  const atMs = Date.now()
  switch (end.kind) {
    case 'finished': {
      const { exitCode, complaints } = end
      const missing = missingEnd(recorded, exitCode, atMs)
      if (exitCode === 0) return missing
      const message = complaints || `Vitest ended with exit code ${exitCode} after its tests.`
      return [...missing, { type: 'run-failed', atMs, error: { ...PLAIN_ERROR, name: 'Error', message } }]
    }
    case 'stopped':
      return recorded.some(({ type }) => type === 'run-ended')
        ? []
        : [{ type: 'run-ended', atMs, status: 'interrupted' }]
    case 'lingered': {
      const { limitMs } = end
      return [{ type: 'hang', atMs, kind: 'run', file: null, phase: 'close', limitMs, elapsedMs: limitMs }]
    }
    case 'died': {
      const message = `The process that ran Vitest ${end.how}.`
      return [
        { type: 'worker-crashed', atMs, file: null, error: { ...PLAIN_ERROR, name: 'ProcessDied', message } },
      ]
    }
  }
}

/** A run that came to its end has written so: a journal without it was cut, and the results in it with it. */
function missingEnd(recorded: readonly JournalEvent[], exitCode: number, atMs: number): JournalEvent[] {
  if (recorded.some(({ type }) => type === 'run-ended')) return []
  const lost = recorded.some(({ type }) => type === 'records-lost')
  const message = 'The journal does not reach the end of the run, so results may be missing.'
  return [
    ...(lost ? [] : [{ type: 'records-lost' as const, atMs, message }]),
    { type: 'run-ended', atMs, status: exitCode === 0 ? 'passed' : 'failed' },
  ]
}

function append(journal: string, events: readonly JournalEvent[]): void {
  try {
    // On a line of its own, also after one that was torn.
    for (const event of events) appendJournalText(journal, `\n${JSON.stringify(event)}\n`)
  } catch {
    // The report has them; a disk that is full is named when the report cannot be written.
  }
}

function diedMessage({ how, lastOutput: output }: Extract<ChildEnd, { kind: 'died' }>): string {
  const sentence = `shakedown: the process that ran Vitest ${how}; the report holds what was recorded.`
  return `${prose(sentence)}${lastOutput(output)}\n`
}

function lastOutput(output: string): string {
  return output === '' ? '' : `\nLast output:\n${output.replaceAll(/^/gm, '  ')}`
}
