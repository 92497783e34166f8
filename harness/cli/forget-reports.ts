import path from 'node:path'
import { REPORT_DIR } from '../../reporters/report/places.ts'
import { leaveTrace } from '../../reporters/journal/trace.ts'
import { removeReports } from '../../reporters/write-reports.ts'
import { uncheckedPath } from '../settings/environment.ts'
import { flagOf, negatedFlagOf } from '../settings/names.ts'

/** With these, `run` runs nothing. */
const RUNS_NOTHING: ReadonlySet<string> = new Set(['--print-config', '--help', '-h'])

/** What is known of a run before anything of it is checked. */
export interface UncheckedRun {
  /** Absolute; `undefined` where the configuration may say another one than the default. */
  readonly reportDir: string | undefined
  /** The configuration file, absolute; `undefined` where it is the one that Vitest finds. */
  readonly config: string | undefined
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
  const given = uncheckedSetting(args, 'reportDir')
  const reportDir = given ?? path.resolve(REPORT_DIR)
  try {
    removeReports(reportDir)
    leaveTrace(reportDir)
  } catch {
    // A folder that cannot be written is refused with its reason when the run comes to it.
  }
  const config = uncheckedSetting(args, 'config')
  return { reportDir: given, config, files: !args.includes(negatedFlagOf('files')) }
}

/** The path that a flag or a variable gives, absolute; the last of several flags wins, and a flag over a variable. */
function uncheckedSetting(args: readonly string[], setting: 'reportDir' | 'config'): string | undefined {
  const flag = flagOf(setting)
  const at = args.findLastIndex((arg) => arg === flag || arg.startsWith(`${flag}=`))
  const named = args[at] === flag ? args[at + 1] : args[at]?.slice(flag.length + 1)
  const given = named || uncheckedPath(setting)
  return given ? path.resolve(given) : undefined
}
