import path from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { prose } from '../../../reporters/text/layout.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { flagLayer, overlay, variableLayer } from '../../settings/settle.ts'
import type { CommandLine } from '../command-line.ts'
import type { ExitCode } from '../exit-code.ts'
import { statOf } from '../stat-of.ts'
import { jobOf } from '../supervisor/job.ts'
import type { JobOptions } from '../supervisor/job.ts'
import type { ChildMessage, VitestJob } from '../supervisor/messages.ts'
import { Progress } from '../supervisor/progress.ts'
import { superviseVitest } from '../supervisor/supervisor.ts'
import type { ChildEnd } from '../supervisor/supervisor.ts'
import { Told } from '../supervisor/told.ts'
import { examples } from './command.ts'

/** The flags of `shakedown run`, as the parser gives them; those of settings are read by their table. */
interface RunOptions extends JobOptions {
  readonly json?: boolean
}

export function define(command: Command): void {
  command
    .description(
      'Runs the scenario suites (*.scenario.yaml, *.scenario.ts) below the given paths with the Vitest of this project, prints a summary and writes report.json, report.md and report.html. The report is written however the run ends.',
    )
    .argument('[path...]', 'files and folders to look in, or parts of paths (default: this folder)')
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
        ['shakedown run http --shard 1/2', 'half of what has it in its path'],
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
  await refuseOptionsAsPaths(paths, command, cli.cwd)
  const overrides = overlay(flagLayer(options, cli.cwd), variableLayer(cli.environment, cli.cwd))
  const printing = { machine: options.json === true, color: stdout.color, columns: stdout.width }
  const job = await jobOrRefusal(
    () => jobOf(paths, options, overrides, printing, cli.cwd),
    async (error) => {
      if (options.printConfig === true) return
      const { reportRefused } = await import('../outcome/unbegun-run.ts')
      await reportRefused(error, overrides, cli.cwd)
    },
  )
  const told = new Told()
  const end = await runSupervised(job, options, told, cli)
  const reported = told.reportThatHolds(end)
  if (reported !== undefined) {
    stdout.write(reported.text)
    return reported.exitCode
  }
  // Loaded when it is needed: most runs end well.
  const { jobOutcome } = await import('../outcome/job-outcome.ts')
  const { settings, journal, unwritten, failed } = told
  return jobOutcome({ settings, journal, unwritten, failed, end, job }, cli)
}

/** What comes after `--` are paths, and nothing is passed on to Vitest. */
async function refuseOptionsAsPaths(paths: readonly string[], command: Command, cwd: string): Promise<void> {
  const option = paths.find(
    (given) => given.startsWith('-') && statOf(path.resolve(cwd, given)) === undefined,
  )
  if (option === undefined) return
  const { adviceOnVitestOption } = await import('../vitest-options.ts')
  const message = `Expected files and folders after \`--\`, got ${option}: nothing is passed on to Vitest.`
  const [name = ''] = option.split('=')
  const isOurs = command.options.some(({ long, short }) => name === long || name === short)
  const hint = isOurs
    ? `Write it before \`--\`: \`shakedown run ${name}\`.`
    : (adviceOnVitestOption(option) ?? '`shakedown run --help` lists what there is.')
  throw new ShakedownError('E_USAGE', message, { hint })
}

async function jobOrRefusal(
  make: () => VitestJob,
  refused: (error: unknown) => Promise<void>,
): Promise<VitestJob> {
  try {
    return make()
  } catch (error) {
    await refused(error)
    throw error
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
    told.hear(message)
    if (message.kind === 'notice') progress.say(prose(`shakedown: ${message.sentence}`))
    if (message.kind === 'progress') progress.update(message)
  }
  const onStop = (signal: NodeJS.Signals, killing: boolean): void =>
    progress.say(
      killing
        ? `shakedown: ${signal}, killing what still runs`
        : 'shakedown: stopping; running tests are aborted, Ctrl-C again kills them',
    )
  try {
    const childOutput = !verbose ? 'kept' : machine ? 'stderr' : 'stdout'
    return await superviseVitest({ job, childOutput, onMessage, onStop })
  } finally {
    progress.end()
  }
}

function pattern(text: string): string {
  try {
    return new RegExp(text).source
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : '')
  }
}
