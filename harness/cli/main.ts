import { ownVersion } from '../settings/own-package.ts'
import type { ExitCode } from './exit-code.ts'
import type { UncheckedRun } from './forget-reports.ts'
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
  let files: boolean | undefined
  let begun: UncheckedRun | undefined
  watchOutput()
  const fail = async (error: unknown): Promise<ExitCode> => {
    const { describeError } = await import('./describe-error.ts')
    const { hasAsciiLocale } = await import('../settings/environment.ts')
    const { writeText } = await import('../../reporters/text/output-stream.ts')
    const { text, exitCode } = describeError(error, debug)
    writeText(process.stderr, text, hasAsciiLocale())
    return exitCode
  }
  // What is thrown outside of any call: Node would report it its own way and exit with 1, which means failing tests.
  const failNow = async (error: unknown): Promise<never> => process.exit(await fail(error))
  process.on('uncaughtException', (error) => void failNow(error))
  try {
    if (args[0] === 'run') begun = (await import('./forget-reports.ts')).forgetReports(args)
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
    files = environment.files
    const cli = { cwd: process.cwd(), environment, output: processOutput(environment) }
    process.exitCode = await runProgram(args, ownVersion(), cli)
  } catch (error) {
    if (begun?.files === true && files !== false && isRefusedUnread(error)) {
      const { reportRefused } = await import('./outcome/unbegun-run.ts')
      const { reportDir, config } = begun
      const from = 'the command line'
      const overrides = {
        ...(reportDir === undefined ? {} : { reportDir: { value: reportDir, from } }),
        ...(config === undefined ? {} : { config: { value: config, from } }),
      }
      await reportRefused(error, overrides, process.cwd())
    }
    process.exitCode = await fail(error)
  }
}

/** Whether arguments or the environment were refused, so that no command began; a command reports its own errors. */
function isRefusedUnread(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['E_USAGE', 'E_ENVIRONMENT'].includes(String(error.code))
  )
}
