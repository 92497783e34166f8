import path from 'node:path'
import type { Command } from 'commander'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { JOURNAL_FOLDER, journalsIn } from '../../../reporters/journal/folder.ts'
import type { JournalEvent } from '../../../reporters/journal/events.ts'
import { readJournal } from '../../../reporters/journal/reader.ts'
import { readTrace } from '../../../reporters/journal/trace.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { flagLayer, settle, settledValue, variableLayer } from '../../settings/settle.ts'
import type { CommandLine } from '../command-line.ts'
import { describeError } from '../describe-error.ts'
import type { ExitCode } from '../exit-code.ts'
import { statOf } from '../stat-of.ts'
import { examples } from './command.ts'
import { outputReport } from '../outcome/output-report.ts'

/** The flags of `shakedown report`, as the parser gives them; those of settings are read by their table. */
interface ReportOptions {
  readonly journal?: string
  readonly json?: boolean
}

export function define(command: Command): void {
  command
    .description(
      'Makes report.json, report.md and report.html from what a run has recorded, also when the run was killed and could not. Ends as the run would have.',
    )
    .option('--journal <dir>', 'folder of journals, of which the newest is taken, or one journal file')
    .option('--json', 'print the report as JSON on stdout, and nothing else there')
    .addHelpText(
      'after',
      examples(
        ['shakedown report', 'of the newest run in .shakedown'],
        ['shakedown report --journal out/journal', 'of the newest run elsewhere'],
      ),
    )
}

/**
 * Makes the report of the newest run that left a journal.
 *
 * @returns the report's exit code
 * @throws ShakedownError `E_NO_JOURNAL` when there is none, or none of the run that was started last; `E_JOURNAL` when
 *   nothing in it can be read
 */
export async function action(command: Command, cli: CommandLine): Promise<ExitCode> {
  const options = command.opts<ReportOptions>()
  const values = settle(cli.cwd, flagLayer(options, cli.cwd), variableLayer(cli.environment, cli.cwd))
  const reportDir = settledValue(values, 'reportDir')
  const { events } = readJournal(newestJournal(options.journal, reportDir, cli.cwd))
  if (options.journal === undefined) refuseEarlierRun(events, reportDir)
  const report = buildReport(events)
  const wanted = {
    reportDir,
    files: settledValue(values, 'files'),
    print: settledValue(values, 'print'),
    machine: options.json === true,
  }
  const failure = await outputReport(report, wanted, { cwd: cli.cwd, stdout: cli.output.stdout })
  if (failure === undefined) return report.run.exitCode
  const { text, exitCode } = describeError(failure, cli.environment.debug)
  cli.output.stderr.write(text)
  return report.run.exitCode || exitCode
}

/** A run that was killed before its first record must not be answered with the success of the one before it. */
function refuseEarlierRun(events: readonly JournalEvent[], reportDir: string): void {
  const begunAtMs = readTrace(reportDir)
  const recorded = events.find(({ type }) => type === 'run-started')
  if (begunAtMs === undefined || recorded === undefined || recorded.atMs >= begunAtMs) return
  const [begun, earlier] = [begunAtMs, recorded.atMs].map((atMs) => new Date(atMs).toISOString())
  throw new ShakedownError(
    'E_NO_JOURNAL',
    `Expected a journal of the run that was started last, at ${begun}, got none: it ended before its first record. The newest journal is of an earlier run, of ${earlier}.`,
    { hint: 'Run again; or name a journal with --journal to have the report of the run in it.' },
  )
}

function newestJournal(given: string | undefined, reportDir: string, cwd: string): string {
  const place = given === undefined ? path.join(reportDir, JOURNAL_FOLDER) : path.resolve(cwd, given)
  if (statOf(place)?.isFile() === true) return place
  const [newest] = journalsIn(place)
  if (newest !== undefined) return newest
  throw new ShakedownError(
    'E_NO_JOURNAL',
    `Expected journals (*.jsonl) in ${displayPath(place, cwd)}, got none.`,
    {
      hint: 'A run writes them below its report folder: name it with --report-dir, or their own folder with --journal.',
    },
  )
}
