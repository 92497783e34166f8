import type { CommandLine } from '../../../harness/cli/command-line.ts'
import { readEnvironment } from '../../../harness/settings/environment.ts'
import type { ExitCode } from '../../../harness/cli/exit-code.ts'
import { runProgram } from '../../../harness/cli/program.ts'

/** A command line that writes into memory, for commands that start no process. */
export class RecordedCommandLine {
  stdout = ''
  readonly #cwd: string

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  /** `shakedown ARGS…`; what it throws is what people would be told. */
  async run(...args: readonly string[]): Promise<ExitCode> {
    this.stdout = ''
    const stream = { isTerminal: false, color: false, width: 80 }
    const cli: CommandLine = {
      cwd: this.#cwd,
      environment: readEnvironment({}),
      output: {
        stdout: { ...stream, write: (text) => (this.stdout += text) },
        stderr: { ...stream, write: () => {} },
      },
    }
    return runProgram(args, '1.2.3', cli)
  }
}
