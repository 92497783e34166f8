import { Command, CommanderError } from 'commander'
import { nearest } from '../../src/base/nearest.ts'
import { ShakedownError } from '../../src/base/errors.ts'
import type { CommandLine } from './command-line.ts'
import { examples } from './commands/command.ts'
import type { CommandEntry } from './commands/command.ts'
import { COMMANDS } from './commands/index.ts'
import { EXIT } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'

/**
 * Parses the arguments and runs the command they name. Only that command is loaded.
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
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary)
    if (!args.includes(entry.name)) continue
    const { action } = await define(command, entry)
    command.action(async () => {
      exitCode = await action(command, cli)
    })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw await usageError(error, args, program)
  }
  return exitCode
}

async function define(command: Command, { load }: CommandEntry): ReturnType<CommandEntry['load']> {
  const [module, { addSettingFlags }] = await Promise.all([load(), import('./setting-flags.ts')])
  module.define(command)
  addSettingFlags(command)
  return module
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
          ['shakedown explain run-6f1c', 'explain one of them'],
        ),
      )
      .addHelpText('after', exitCodes())
  )
}

function exitCodes(): string {
  return `
Exit codes:
  0  passed
  1  tests failed
  2  the command, the configuration, the environment or a scenario file cannot
     be used
  3  a budget or gate was exceeded
  4  timeouts, lost files, async errors above their budgets, or an unfinished
     run
  5  a fault of shakedown itself`
}

/** The parser's complaint in the words of this house; help for a bare `shakedown` counts as one. */
async function usageError(
  error: CommanderError,
  args: readonly string[],
  program: Command,
): Promise<ShakedownError> {
  const command = program.commands.find((candidate) => candidate.name() === args[0])
  const help = `shakedown ${command === undefined ? '' : `${command.name()} `}--help`
  const hint = `\`${help}\` lists what there is.`
  if (error.code === 'commander.help') {
    const names = program.commands.map((candidate) => candidate.name()).join(', ')
    return new ShakedownError('E_USAGE', `Expected a command (${names}), got none.`, { hint })
  }
  const [sentence = '', ...suggestions] = error.message.replace(/^error: /, '').split('\n')
  const isUnknown = error.code === 'commander.unknownOption'
  const ofVitest = isUnknown && command?.name() === 'run' ? await vitestOption(sentence) : undefined
  if (ofVitest !== undefined) return ofVitest
  if (isUnknown && suggestions.length === 0) suggestions.push(...meantFlag(sentence, command ?? program))
  const message = [sentence.charAt(0).toUpperCase() + sentence.slice(1), ...suggestions].join('\n')
  return new ShakedownError('E_USAGE', message, { hint })
}

/** What people type who know Vitest: what it is here, or where it is. */
async function vitestOption(sentence: string): Promise<ShakedownError | undefined> {
  const { adviceOnVitestOption } = await import('./vitest-options.ts')
  const [, given] = /'(--?[^']+)'/.exec(sentence) ?? []
  const hint = given === undefined ? undefined : adviceOnVitestOption(given)
  if (given === undefined || hint === undefined) return undefined
  const message = `Expected an option of \`shakedown run\`, got ${given}, which is an option of Vitest.`
  return new ShakedownError('E_USAGE', message, { hint })
}

/** The parser suggests only flags that its help names, and of `--print` and `--no-print` that is one. */
function meantFlag(sentence: string, command: Command): string[] {
  const [, given] = /'(--[^'=]+)/.exec(sentence) ?? []
  if (given === undefined) return []
  const meant = nearest(
    given,
    command.options.flatMap(({ long }) => long ?? []),
  )
  return meant === undefined ? [] : [`(Did you mean ${meant}?)`]
}
