import type { CommandLine } from '../command-line.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { findRun } from './find-run.ts'
import { withAudit } from './open-audit.ts'
import { renderTrail } from '../../../reporters/trail/render-explanation.ts'
import { json } from '../../../reporters/text/layout.ts'

/** The flags of `shakedown explain`, as the parser gives them. */
export interface ExplainOptions {
  readonly db?: string
  readonly json?: boolean
}

/**
 * Tells the story of one run.
 *
 * @param given a run id, or the beginning of one
 * @throws ShakedownError when the database cannot be read, or no run, or more than one, is meant
 */
export function explain(given: string, options: ExplainOptions, cli: CommandLine): ExitCode {
  return withAudit(options.db, cli, (audit) => {
    const trail = findRun(audit, given)
    const { write, color, width } = cli.output.stdout
    write(options.json === true ? json(trail) : renderTrail(trail, { color, columns: width }))
    return EXIT.passed
  })
}
