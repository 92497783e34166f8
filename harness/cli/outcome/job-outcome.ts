import { json } from '../../../reporters/text/layout.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import type { CommandLine } from '../command-line.ts'
import { describeError } from '../describe-error.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import type { SettledSettings, UnwrittenMessage, VitestJob } from '../supervisor/messages.ts'
import type { ChildEnd } from '../supervisor/supervisor.ts'
import { conclude, neverBegan, redactedEnd } from './conclude.ts'
import { reportUnbegun } from './unbegun-run.ts'
import { renderSettings, settingsOf } from './print-config.ts'

/** All that the supervisor knows of a process that has ended. */
export interface EndedJob {
  readonly job: VitestJob
  readonly end: ChildEnd
  readonly settings: SettledSettings | undefined
  /** The journal of the run; `undefined` when none began. */
  readonly journal: string | undefined
  /** What could not be written to the journal. */
  readonly unwritten: UnwrittenMessage
  /** Tests that have failed. */
  readonly failed: number
}

/**
 * What the supervisor makes of a job that did not report its own good end: refused, run for its settings only, killed,
 * failed after its tests, or unable to write.
 *
 * @returns the report's exit code
 * @throws ShakedownError for what was refused before anything ran, and for a run that ended before it began
 */
export async function jobOutcome(ended: EndedJob, cli: CommandLine): Promise<ExitCode> {
  const { job, settings, journal, unwritten, failed } = ended
  const { machine } = job.printing
  const end = redactedEnd(ended.end, settings)
  if (end.kind === 'refused') {
    const { code, message, hint } = end.refusal
    const refused = new ShakedownError(code, message, { hint })
    if (!job.settingsOnly) await reportUnbegun(refused, settings, job)
    throw refused
  }
  if (job.settingsOnly && settings !== undefined) {
    const shown = settingsOf(settings, job.overrides, cli.cwd)
    cli.output.stdout.write(machine ? json(shown) : renderSettings(shown))
    return EXIT.passed
  }
  if (settings === undefined || journal === undefined) {
    const why = neverBegan(end)
    if (why instanceof ShakedownError && !job.settingsOnly) await reportUnbegun(why, settings, job)
    throw why
  }
  try {
    return await conclude({ end, settings, journal, unwritten, name: job.name }, machine, cli)
  } catch (error) {
    // A fault of ours must not hide that tests failed.
    if (failed === 0) throw error
    cli.output.stderr.write(describeError(error, cli.environment.debug).text)
    return EXIT.failed
  }
}
