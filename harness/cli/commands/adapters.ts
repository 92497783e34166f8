import type { Command } from 'commander'
import { renderAdapters } from '../../../reporters/trail/adapters-table.ts'
import { json } from '../../../reporters/text/layout.ts'
import { statisticsOf, WINDOW_TASKS } from '../../../src/adapters/statistics.ts'
import type { CommandLine } from '../command-line.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { examples } from './command.ts'
import { withAudit } from './open-audit.ts'

/** The flags of `shakedown adapters`, as the parser gives them. */
interface AdaptersOptions {
  readonly json?: boolean
}

export function define(command: Command): void {
  command
    .description(
      `Shows how the adapters of routes have done, each with its latest ${WINDOW_TASKS} tasks: tasks done, share of them, tasks that came by a fallback, attempts, and how long the attempts took that succeeded. Reading never blocks the engine.`,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown adapters --db ./runs.db', 'who does the work, and who fails'],
        ['shakedown adapters --db ./runs.db --json', 'the same for a dashboard'],
      ),
    )
}

/**
 * Shows the statistics of adapters.
 *
 * @throws ShakedownError when the database is not there or cannot be read
 */
export function action(command: Command, cli: CommandLine): ExitCode {
  const options = command.opts<AdaptersOptions>()
  return withAudit(options, cli, (audit) => {
    const uses = audit.adapterUses?.(WINDOW_TASKS) ?? new Map<string, never[]>()
    const adapters = [...uses].map(([adapter, tasks]) => statisticsOf(adapter, tasks))
    cli.output.stdout.write(options.json === true ? json(adapters) : renderAdapters(adapters))
    return EXIT.passed
  })
}
