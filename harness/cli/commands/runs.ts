import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import type { RunRow } from '../../../src/index.ts'
import type { CommandLine } from '../command-line.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { parseMoment } from '../../../reporters/text/moment.ts'
import { examples } from './command.ts'
import { withAudit } from './open-audit.ts'
import { renderConservation, renderRuns } from '../../../reporters/trail/runs-table.ts'
import { json } from '../../../reporters/text/layout.ts'

/** Most runs of one listing; the store's own limit. */
export const RUNS_MAX = 10_000

const RUN_STATUSES: readonly RunRow['status'][] = [
  'running',
  'completed',
  'failed',
  'paused',
  'cancelled',
  'skipped',
]

/** The flags of `shakedown runs`, as the parser gives them. */
interface RunsOptions {
  readonly status?: RunRow['status']
  readonly pipeline?: string
  readonly since?: string
  readonly limit?: number
  readonly check?: boolean
  readonly json?: boolean
}

export function define(command: Command): void {
  command
    .description('Lists the runs an engine recorded, newest first. Reading never blocks the engine.')
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
}

/**
 * Lists runs, or checks that no token was lost.
 *
 * @returns 1 when `--check` found lost tokens, else 0
 * @throws ShakedownError when the database is not there or cannot be read
 */
export function action(command: Command, cli: CommandLine): ExitCode {
  const options = command.opts<RunsOptions>()
  const { write } = cli.output.stdout
  const sinceWallMs = options.since === undefined ? undefined : parseMoment(options.since, Date.now())
  return withAudit(options, cli, (audit) => {
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

function limit(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= RUNS_MAX) return value
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${RUNS_MAX}.`)
}
