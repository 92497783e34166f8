import type { Environment } from '../settings/environment.ts'
import type { Output } from './output.ts'

/** What every command works with; nothing in a command reads `process` for itself. */
export interface CommandLine {
  readonly cwd: string
  readonly environment: Environment
  readonly output: Output
}
