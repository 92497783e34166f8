import type { Command } from 'commander'
import { explainRun } from '../../../src/index.ts'
import type { CommandLine } from '../command-line.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { examples } from './command.ts'
import { findRun } from './find-run.ts'
import { withAudit } from './open-audit.ts'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { json } from '../../../reporters/text/layout.ts'

/** The flags of `shakedown explain`, as the parser gives them. */
interface ExplainOptions {
  readonly json?: boolean
}

export function define(command: Command): void {
  command
    .description(
      'Says what happened to one run: its tokens and their fates, what each attempt got and gave back, waits, late events, and why it did not reach the end.',
    )
    .argument('<run>', 'run id, or the beginning of one')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown explain run-6f1c', 'the beginning of an id is enough'],
        ['shakedown explain run-6f1c --db ./runs.db', 'from another database'],
      ),
    )
}

/**
 * Explains one run.
 *
 * @throws ShakedownError when the database cannot be read, or no run, or more than one, is meant
 */
export function action(command: Command, cli: CommandLine): ExitCode {
  const [given] = command.processedArgs as [string]
  const options = command.opts<ExplainOptions>()
  return withAudit(options, cli, (audit) => {
    const trail = findRun(audit, given)
    const { write, color, width } = cli.output.stdout
    write(
      options.json === true ? json(trail) : renderExplanation(explainRun(trail), { color, columns: width }),
    )
    return EXIT.passed
  })
}
