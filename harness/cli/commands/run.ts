import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { json, prose } from '../../../reporters/text/layout.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { flagLayer, overlay, settledValue, variableLayer } from '../../settings/settle.ts'
import type { CommandLine } from '../command-line.ts'
import { describeError } from '../describe-error.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { jobOf } from '../supervisor/job.ts'
import type { JobOptions } from '../supervisor/job.ts'
import type { ChildMessage, SettledSettings, UnwrittenMessage, VitestJob } from '../supervisor/messages.ts'
import { Progress } from '../supervisor/progress.ts'
import { superviseVitest } from '../supervisor/supervisor.ts'
import type { ChildEnd } from '../supervisor/supervisor.ts'
import { examples } from './command.ts'
import { conclude, neverBegan, redactedEnd } from '../outcome/conclude.ts'
import { renderSettings, settingsOf } from './print-config.ts'
import { writeFirstReport } from '../outcome/publish.ts'

/** The flags of `shakedown run`, as the parser gives them; those of settings are read by their table. */
interface RunOptions extends JobOptions {
  readonly json?: boolean
}

/** What the child has told by the time it ended. */
interface Told {
  settings: SettledSettings | undefined
  /** The journal of the run; `undefined` when none began. */
  journal: string | undefined
  /** What could not be written to the journal, by the last word of the child. */
  unwritten: UnwrittenMessage
  /** Tests that have failed so far. */
  failed: number
  /** The report of a run that has begun and could be killed is being written. */
  begun: Promise<void>
}

export function define(command: Command): void {
  command
    .description(
      'Runs the scenario suites (*.scenario.yaml, *.scenario.ts) below the given paths with the Vitest of this project, prints a summary and writes report.json, report.md and report.html. The report is written however the run ends.',
    )
    .argument('[path...]', 'files and folders to look in (default: this folder)')
    .option('--all', 'run every test of the project too, not only scenarios')
    .option('-t, --name <pattern>', 'run only tests whose full name matches this regular expression', pattern)
    .option('--json', 'print the report as JSON on stdout, and nothing else there')
    .option('--print-config', 'print every setting with where it came from, and run nothing')
    .option('--verbose', "show Vitest's own output too, secrets in it included")
    .addHelpText(
      'after',
      examples(
        ['shakedown run', 'all scenarios below this folder'],
        ['shakedown run scenarios/http', 'those of one folder'],
        ['shakedown run -t "rides out"', 'those with a matching name'],
        ['shakedown run --all --json > report.json', 'all tests, for a machine'],
      ),
    )
}

/**
 * Runs the project's scenarios, or all its tests, under a supervisor that writes the report however the run ends.
 *
 * @returns the report's exit code
 * @throws ShakedownError before anything ran, when paths, Vitest, its configuration, the report folder or a scenario
 *   file cannot be used
 */
export async function action(command: Command, cli: CommandLine): Promise<ExitCode> {
  const [paths] = command.processedArgs as [readonly string[]]
  const options = command.opts<RunOptions>()
  const overrides = overlay(flagLayer(options, cli.cwd), variableLayer(cli.environment, cli.cwd))
  const job = jobOf(paths, options, overrides, cli.cwd)
  const told: Told = {
    settings: undefined,
    journal: undefined,
    unwritten: { kind: 'unwritten', text: '' },
    failed: 0,
    begun: Promise.resolve(),
  }
  const end = redactedEnd(await runSupervised(job, options, told, cli), told.settings)
  if (end.kind === 'refused') {
    const { code, message, hint } = end.refusal
    throw new ShakedownError(code, message, { hint })
  }
  if (job.settingsOnly && told.settings !== undefined) {
    const settings = settingsOf(told.settings, overrides, cli.cwd)
    cli.output.stdout.write(options.json === true ? json(settings) : renderSettings(settings))
    return EXIT.passed
  }
  const { settings, journal, unwritten } = told
  if (settings === undefined || journal === undefined) throw neverBegan(end)
  await told.begun
  try {
    return await conclude({ end, settings, journal, unwritten, name: job.name }, options.json === true, cli)
  } catch (error) {
    // A fault of ours must not hide that tests failed.
    if (told.failed === 0) throw error
    cli.output.stderr.write(describeError(error, cli.environment.debug).text)
    return EXIT.failed
  }
}

async function runSupervised(
  job: VitestJob,
  { json: machine = false, verbose = false }: RunOptions,
  told: Told,
  { output }: CommandLine,
): Promise<ChildEnd> {
  const progress = new Progress(output.stderr, verbose)
  const onMessage = (message: ChildMessage): void => {
    if (message.kind === 'settled') told.settings = message.settings
    if (message.kind === 'started' && message.journal !== '') begin(told, message.journal)
    if (message.kind === 'unwritten') told.unwritten = message
    if (message.kind === 'notice') progress.say(prose(`shakedown: ${message.sentence}`))
    if (message.kind === 'progress') {
      told.failed = message.failed
      progress.update(message)
    }
  }
  const onStop = (signal: NodeJS.Signals, killing: boolean): void =>
    progress.say(
      killing
        ? `shakedown: ${signal}, killing what still runs`
        : 'shakedown: stopping; tests that have started may finish, Ctrl-C again kills them',
    )
  try {
    const childOutput = !verbose ? 'kept' : machine ? 'stderr' : 'stdout'
    return await superviseVitest({ job, childOutput, onMessage, onStop })
  } finally {
    progress.end()
  }
}

function begin(told: Told, journal: string): void {
  told.journal = journal
  const { settings } = told
  if (settings !== undefined && settledValue(settings.values, 'files'))
    told.begun = writeFirstReport(journal, settings.reportDir)
}

function pattern(text: string): string {
  try {
    return new RegExp(text).source
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : '')
  }
}
