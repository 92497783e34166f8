import path from 'node:path'
import { REPORT_DIR } from '../../reporters/report/model.ts'
import { leaveTrace } from '../../reporters/journal/trace.ts'
import { removeReports } from '../../reporters/write-reports.ts'
import { uncheckedReportDir } from '../settings/environment.ts'
import { flagOf, negatedFlagOf } from '../settings/names.ts'

/** With these, `run` runs nothing. */
const RUNS_NOTHING: ReadonlySet<string> = new Set(['--print-config', '--help', '-h'])

/** What is known of a run before anything of it is checked. */
export interface UncheckedRun {
  /** Absolute; `undefined` where the configuration may say another one than the default. */
  readonly reportDir: string | undefined
  /** It is to write report files. */
  readonly files: boolean
}

/**
 * Removes the last report before anything of `shakedown run` can be refused: a variable, a path, the configuration. A
 * report that says PASSED must not be what is left of a run that never began. The folder that only the configuration
 * names is not known yet.
 *
 * @param args without node and script, not checked yet
 * @returns `undefined` when nothing is to run
 */
export function forgetReports(args: readonly string[]): UncheckedRun | undefined {
  if (args.some((arg) => RUNS_NOTHING.has(arg))) return undefined
  const flag = flagOf('reportDir')
  const at = args.lastIndexOf(flag)
  const glued = args.findLast((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1)
  const named = at === -1 ? glued : args[at + 1]
  const given = named || uncheckedReportDir() || undefined
  const reportDir = path.resolve(given ?? REPORT_DIR)
  try {
    removeReports(reportDir)
    leaveTrace(reportDir)
  } catch {
    // A folder that cannot be written is refused with its reason when the run comes to it.
  }
  return { reportDir: given && reportDir, files: !args.includes(negatedFlagOf('files')) }
}
