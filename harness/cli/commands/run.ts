import { statSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { prose } from '../../../reporters/text/layout.ts'
import { flagLayer, overlay, variableLayer } from '../../settings/settle.ts'
import type { CommandLine } from '../command-line.ts'
import type { ExitCode } from '../exit-code.ts'
import { jobOf } from '../supervisor/job.ts'
import type { JobOptions } from '../supervisor/job.ts'
import type {
  ChildMessage,
  Reported,
  SettledSettings,
  UnwrittenMessage,
  VitestJob,
} from '../supervisor/messages.ts'
import { Progress } from '../supervisor/progress.ts'
import { superviseVitest } from '../supervisor/supervisor.ts'
import type { ChildEnd } from '../supervisor/supervisor.ts'
import { examples } from './command.ts'

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
  /** The report that holds if nothing went wrong after it. */
  reported: Reported | undefined
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
  const { stdout } = cli.output
  const overrides = overlay(flagLayer(options, cli.cwd), variableLayer(cli.environment, cli.cwd))
  const printing = { machine: options.json === true, color: stdout.color, columns: stdout.width }
  const job = jobOf(paths, options, overrides, printing, cli.cwd)
  const told: Told = {
    settings: undefined,
    journal: undefined,
    unwritten: { kind: 'unwritten', text: '' },
    failed: 0,
    reported: undefined,
  }
  const end = await runSupervised(job, options, told, cli)
  const { reported, journal, unwritten } = told
  const wentWell = end.kind === 'finished' && end.exitCode === 0 && unwritten.error === undefined
  if (wentWell && reported !== undefined && sizeOf(journal) === reported.journalBytes) {
    stdout.write(reported.text)
    return reported.exitCode
  }
  // Loaded when it is needed: most runs end well.
  const { judge } = await import('../outcome/judge.ts')
  return judge({ ...told, end, job }, cli)
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
    if (message.kind === 'started' && message.journal !== '') told.journal = message.journal
    if (message.kind === 'reported') told.reported = message
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

/** `undefined` where there is no file, or something else in its place. */
function sizeOf(journal: string | undefined): number | undefined {
  const stat = journal === undefined ? undefined : statSync(journal, { throwIfNoEntry: false })
  return stat?.isFile() === true ? stat.size : undefined
}

function pattern(text: string): string {
  try {
    return new RegExp(text).source
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : '')
  }
}
