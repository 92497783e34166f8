import type { RunRow } from '../../../src/index.ts'
import type { CommandLine } from '../command-line.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { parseMoment } from '../../../reporters/text/moment.ts'
import { withAudit } from './open-audit.ts'
import { renderConservation, renderRuns } from '../../../reporters/trail/runs-table.ts'
import { json } from '../../../reporters/text/layout.ts'

/** Most runs of one listing; the store's own limit. */
export const RUNS_MAX = 10_000

export const RUN_STATUSES: readonly RunRow['status'][] = [
  'running',
  'completed',
  'failed',
  'paused',
  'cancelled',
  'skipped',
]

/** The flags of `shakedown runs`, as the parser gives them. */
export interface RunsOptions {
  readonly db?: string
  readonly status?: RunRow['status']
  readonly pipeline?: string
  readonly since?: string
  readonly limit?: number
  readonly check?: boolean
  readonly json?: boolean
}

/**
 * Lists runs, or checks that no token was lost.
 *
 * @returns 1 when `--check` found lost tokens, else 0
 * @throws ShakedownError when the database is not there or cannot be read
 */
export function runs(options: RunsOptions, cli: CommandLine): ExitCode {
  const { write } = cli.output.stdout
  const sinceWallMs = options.since === undefined ? undefined : parseMoment(options.since, Date.now())
  return withAudit(options.db, cli, (audit) => {
    if (options.check === true) {
      const conservation = audit.conservation()
      write(options.json === true ? json(conservation) : renderConservation(conservation))
      return conservation.ok ? EXIT.passed : EXIT.failed
    }
    const rows = audit.runs({
      status: options.status,
      pipeline: options.pipeline,
      sinceWallMs,
      limit: options.limit,
    })
    write(options.json === true ? json(rows) : renderRuns(rows))
    return EXIT.passed
  })
}
