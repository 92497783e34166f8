import { ownVersion } from '../settings/own-package.ts'
import type { ExitCode } from './exit-code.ts'
import { watchOutput } from './lost-output.ts'

/**
 * The command line of this process: reads its environment, runs the command, says what went wrong and sets the exit
 * code. It does not end the process, so that what was written to a pipe arrives.
 *
 * Everything else is loaded when it is needed: `--version` answers as fast as Node starts.
 *
 * @param args without node and script
 */
export async function main(args: readonly string[]): Promise<void> {
  let debug = false
  watchOutput()
  const fail = async (error: unknown): Promise<ExitCode> => {
    const { describeError } = await import('./describe-error.ts')
    const { text, exitCode } = describeError(error, debug)
    process.stderr.write(text)
    return exitCode
  }
  // What is thrown outside of any call: Node would report it its own way and exit with 1, which means failing tests.
  const failNow = async (error: unknown): Promise<never> => process.exit(await fail(error))
  process.on('uncaughtException', (error) => void failNow(error))
  try {
    if (args[0] === 'run') (await import('./forget-reports.ts')).forgetReports(args)
    if (args.length === 1 && ['-v', '--version'].includes(args[0] ?? '')) {
      process.stdout.write(`${ownVersion()}\n`)
      return
    }
    const [{ readEnvironment }, { processOutput }, { runProgram }] = await Promise.all([
      import('../settings/environment.ts'),
      import('./output.ts'),
      import('./program.ts'),
    ])
    const environment = readEnvironment()
    debug = environment.debug ?? false
    const cli = { cwd: process.cwd(), environment, output: processOutput(environment) }
    process.exitCode = await runProgram(args, ownVersion(), cli)
  } catch (error) {
    process.exitCode = await fail(error)
  }
}
