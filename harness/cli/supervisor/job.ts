import { prepareReportDir } from '../../../reporters/journal/report-dir.ts'
import { ShakedownError } from '../../../src/base/errors.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { statOf } from '../stat-of.ts'
import type { Given, Layer } from '../../settings/settle.ts'
import { existingPaths, findScenarios } from './find-scenarios.ts'
import { findVitest } from './find-vitest.ts'
import type { Printing, VitestJob } from './messages.ts'

/** The flags of `shakedown run` that decide what is run. */
export interface JobOptions {
  readonly all?: boolean
  readonly name?: string
  readonly printConfig?: boolean
  readonly verbose?: boolean
}

/**
 * Makes a job of what was asked for, and refuses before a process is started what cannot be done.
 *
 * @param paths files and folders to take tests from, or parts of paths; empty for all of `cwd`
 * @param overrides what flags and the environment give
 * @param printing how its report is printed
 * @throws ShakedownError when paths, the configuration file, Vitest or the report folder cannot be used
 */
export function jobOf(
  paths: readonly string[],
  { all = false, name, printConfig = false, verbose = false }: JobOptions,
  overrides: Layer,
  printing: Printing,
  cwd: string,
): VitestJob {
  // Nothing is searched for when nothing is run, nor when Vitest takes all it has.
  const search = all || printConfig ? { ...existingPaths(paths, cwd), files: [] } : findScenarios(paths, cwd)
  const config = overrides.config && existingFile(overrides.config, cwd)
  const { nodeUrl, version } = findVitest(cwd)
  // Early: Vitest takes a second to get to it.
  if (overrides.reportDir !== undefined && !printConfig) prepareNamedDir(overrides.reportDir)
  return {
    vitestUrl: nodeUrl,
    vitestVersion: version,
    cwd,
    places: paths.length === 0 ? [] : search.places,
    parts: search.parts,
    scenariosOnly: !all,
    found: search.files,
    name,
    config,
    overrides,
    verbose,
    settingsOnly: printConfig,
    printing,
  }
}

/** The advice names what the person can change: here not the plugin's option. */
function prepareNamedDir({ value, from }: Given<string>): void {
  try {
    prepareReportDir(value)
  } catch (error) {
    if (!(error instanceof ShakedownError)) throw error
    throw new ShakedownError(error.code, error.message, {
      hint: error.hint?.replaceAll('`reportDir`', `\`${from}\``),
      cause: error,
    })
  }
}

function existingFile({ value, from }: Given<string>, cwd: string): string {
  if (statOf(value)?.isFile() === true) return value
  throw new ShakedownError(
    'E_NO_SUCH_PATH',
    `Expected ${from} to name a file, got ${displayPath(value, cwd)}.`,
    { hint: `It was looked for at ${value}.` },
  )
}
