import type { Command } from 'commander'
import type { CommandLine } from '../command-line.ts'
import type { ExitCode } from '../exit-code.ts'

/** A command: what it is called with, and what it does. */
export interface CommandModule {
  /** Adds description, arguments, options and examples. Flags of settings come from their table. */
  readonly define: (command: Command) => void
  /**
   * Runs it.
   *
   * @param command knows the arguments and options that were given
   * @throws ShakedownError for what the person who called it can solve
   */
  readonly action: (command: Command, cli: CommandLine) => ExitCode | Promise<ExitCode>
}

/** A line of the list of commands. What it needs is loaded when it runs, or when its help is asked for. */
export interface CommandEntry {
  readonly name: string
  /** A few words for the list of commands. */
  readonly summary: string
  readonly load: () => Promise<CommandModule>
}

/** The part of a command's help that shows it in use. */
export function examples(...lines: readonly (readonly [command: string, meaning: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  return `\nExamples:\n${lines.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`).join('\n')}`
}
