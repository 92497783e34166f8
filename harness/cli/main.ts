import { readFileSync } from 'node:fs'
import { describeError } from './describe-error.ts'
import { readEnvironment } from '../settings/environment.ts'
import type { Environment } from '../settings/environment.ts'
import type { ExitCode } from './exit-code.ts'
import { processOutput } from './output.ts'
import { runProgram } from './program.ts'

/** Where errors go that come before the environment has been understood. */
const NO_WISHES: Environment = {
  config: undefined,
  db: undefined,
  debug: false,
  reportDir: undefined,
  color: undefined,
  dumbTerminal: false,
}

/**
 * The command line of this process: reads its environment, runs the command, says what went wrong and sets the exit
 * code. It does not end the process, so that what was written to a pipe arrives.
 *
 * @param args without node and script
 */
export async function main(args: readonly string[]): Promise<void> {
  let environment = NO_WISHES
  const fail = (error: unknown): ExitCode => {
    const { text, exitCode } = describeError(error, environment.debug)
    process.stderr.write(text)
    return exitCode
  }
  // What is thrown where nobody waits: Node would say it its own way and exit with 1, which means failing tests.
  process.on('uncaughtException', (error) => process.exit(fail(error)))
  try {
    environment = readEnvironment()
    const cli = { cwd: process.cwd(), environment, output: processOutput(environment) }
    process.exitCode = await runProgram(args, ownVersion(), cli)
  } catch (error) {
    process.exitCode = fail(error)
  }
}

/** This file runs from `harness/cli` and from `dist/harness/cli`: the package is the first folder up that says so. */
function ownVersion(): string {
  for (const up of ['../../', '../../../']) {
    const manifest = new URL(`${up}package.json`, import.meta.url)
    try {
      const data: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
      if (typeof data === 'object' && data !== null && 'version' in data) return String(data.version)
    } catch {
      // Not there; the next one is.
    }
  }
  return 'unknown'
}
