import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { ShakedownError } from '../../src/index.ts'
import type { CommandLine } from './command-line.ts'
import { EXIT } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'
import { explain } from './commands/explain.ts'
import type { ExplainOptions } from './commands/explain.ts'
import { run } from './commands/run.ts'
import type { RunOptions } from './commands/run.ts'
import { RUN_STATUSES, runs, RUNS_MAX } from './commands/runs.ts'
import type { RunsOptions } from './commands/runs.ts'

/**
 * Parses the arguments and runs the command they name.
 *
 * @param args without node and script
 * @throws ShakedownError `E_USAGE` for arguments that make no sense; whatever the command throws
 */
export async function runProgram(
  args: readonly string[],
  version: string,
  cli: CommandLine,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.passed
  const program = newProgram(version, cli)
  addRun(program, async (paths, options) => {
    exitCode = await run(paths, options, cli)
  })
  addRuns(program, (options) => {
    exitCode = runs(options, cli)
  })
  addExplain(program, (runId, options) => {
    exitCode = explain(runId, options, cli)
  })
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw usageError(error, args, program)
  }
  return exitCode
}

function newProgram(version: string, { output }: CommandLine): Command {
  return (
    new Command('shakedown')
      .description(
        'Scripts failures at the boundary, runs the real thing, reads the verdict from the record.',
      )
      .version(version, '-v, --version', 'print the version of shakedown')
      .helpOption('-h, --help', 'print this help')
      .exitOverride()
      // Errors are worded and written in one place; see describe-error.ts.
      .configureOutput({
        writeOut: output.stdout.write,
        writeErr: () => {},
        outputError: () => {},
        getOutHelpWidth: () => output.stdout.width,
      })
      .addHelpText(
        'after',
        examples(
          ['shakedown run', 'run every scenario suite below this folder'],
          ['shakedown runs --status failed', 'list failed runs of the audit trail'],
          ['shakedown explain run-6f1c', 'tell the story of one of them'],
        ),
      )
      .addHelpText('after', exitCodes())
  )
}

function addRun(
  program: Command,
  action: (paths: readonly string[], options: RunOptions) => Promise<void>,
): void {
  program
    .command('run')
    .summary('run scenario suites and write the report')
    .description(
      'Runs the scenario suites (*.scenario.yaml, *.scenario.ts) below the given paths with the Vitest of this project, prints a summary and writes report.json, report.md and report.html. The report is written however the run ends.',
    )
    .argument('[path...]', 'files and folders to look in (default: this folder)')
    .option('--all', 'run every test of the project too, not only scenarios')
    .option('-t, --name <pattern>', 'run only tests whose full name matches this regular expression', pattern)
    .option('--config <file>', 'Vitest configuration file (default: the one Vitest finds)')
    .option('--report-dir <dir>', 'folder for reports and journals (default: .shakedown)')
    .option('--json', 'print the report as JSON on stdout, and nothing else there')
    .option('--print-config', 'print every setting with where it came from, and run nothing')
    .option('--verbose', "show Vitest's own output too")
    .addHelpText(
      'after',
      examples(
        ['shakedown run', 'all scenarios below this folder'],
        ['shakedown run scenarios/http', 'those of one folder'],
        ['shakedown run -t "rides out"', 'those with a matching name'],
        ['shakedown run --all --json > report.json', 'all tests, for a machine'],
      ),
    )
    .action(action)
}

function addRuns(program: Command, action: (options: RunsOptions) => void): void {
  program
    .command('runs')
    .summary('list the runs of an audit trail')
    .description('Lists the runs an engine recorded, newest first. Reading never blocks the engine.')
    .addOption(databaseOption())
    .addOption(new Option('--status <status>', 'only runs of this status').choices(RUN_STATUSES))
    .option('--pipeline <name>', 'only runs of this pipeline')
    .option('--since <when>', 'only runs started since: 30m, 2h, 7d or a date')
    .option('--limit <n>', `at most this many runs, 1 to ${RUNS_MAX} (default: 50)`, limit)
    .addOption(
      new Option('--check', 'check that every token of a finished run has exactly one outcome').conflicts([
        'status',
        'pipeline',
        'since',
        'limit',
      ]),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown runs --status failed --since 2h', 'what failed lately'],
        ['shakedown runs --db ./runs.db --pipeline article', 'runs of one pipeline'],
        ['shakedown runs --check', 'fails if tokens are lost'],
      ),
    )
    .action(action)
}

function addExplain(program: Command, action: (runId: string, options: ExplainOptions) => void): void {
  program
    .command('explain')
    .summary('tell the story of one run')
    .description(
      'Says what happened to one run: its tokens and their fates, what each attempt got and gave back, waits, late events, and why it did not reach the end.',
    )
    .argument('<run>', 'run id, or the beginning of one')
    .addOption(databaseOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown explain run-6f1c', 'the beginning of an id is enough'],
        ['shakedown explain run-6f1c --db ./runs.db', 'from another database'],
      ),
    )
    .action(action)
}

function databaseOption(): Option {
  return new Option('--db <file>', 'audit database (default: .shakedown/runs.db)')
}

function limit(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= RUNS_MAX) return value
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${RUNS_MAX}.`)
}

function pattern(text: string): string {
  try {
    return new RegExp(text).source
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? `${error.message}.` : '')
  }
}

function examples(...lines: readonly (readonly [command: string, meaning: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  return `\nExamples:\n${lines.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`).join('\n')}`
}

function exitCodes(): string {
  return `
Exit codes:
  0  passed
  1  tests failed
  2  the command, the configuration or a scenario file cannot be used
  3  a budget or gate was exceeded
  4  timeouts, lost files, async errors or an unfinished run
  5  a fault of shakedown itself`
}

/** The parser's complaint in the words of this house; help for a bare `shakedown` counts as one. */
function usageError(error: CommanderError, args: readonly string[], program: Command): ShakedownError {
  const command = program.commands.find((candidate) => candidate.name() === args[0])
  const help = `shakedown ${command === undefined ? '' : `${command.name()} `}--help`
  const hint = `\`${help}\` lists what there is.`
  if (error.code === 'commander.help') {
    const names = program.commands.map((candidate) => candidate.name()).join(', ')
    return new ShakedownError('E_USAGE', `Expected a command (${names}), got none.`, { hint })
  }
  const [sentence = '', ...suggestions] = error.message.replace(/^error: /, '').split('\n')
  const message = [sentence.charAt(0).toUpperCase() + sentence.slice(1), ...suggestions].join('\n')
  return new ShakedownError('E_USAGE', message, { hint })
}
