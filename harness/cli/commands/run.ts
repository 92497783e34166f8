import path from 'node:path'
import { statSync } from 'node:fs'
import { prepareReportDir } from '../../../reporters/journal/report-dir.ts'
import { ShakedownError } from '../../../src/index.ts'
import type { CommandLine } from '../command-line.ts'
import { conclude, neverBegan } from './conclude.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { existingPaths, findScenarios } from '../supervisor/find-scenarios.ts'
import { findVitest } from '../supervisor/find-vitest.ts'
import type { News, SettledSettings, VitestJob } from '../supervisor/messages.ts'
import { Progress } from '../supervisor/progress.ts'
import { overridesOf, renderSettings, settingsOf } from '../settings.ts'
import type { Overrides, SettingFlags } from '../settings.ts'
import { superviseVitest } from '../supervisor/supervisor.ts'
import type { ChildEnd } from '../supervisor/supervisor.ts'
import { json, prose } from '../../../reporters/text/layout.ts'

/** The flags of `shakedown run`, as the parser gives them. */
export interface RunOptions extends SettingFlags {
  readonly all?: boolean
  readonly name?: string
  readonly json?: boolean
  readonly printConfig?: boolean
  readonly verbose?: boolean
}

/** What the child has told by the time it ended. */
interface Told {
  settings: SettledSettings | undefined
  /** The journal of the run; `undefined` when none began. */
  journal: string | undefined
}

/**
 * Runs the project's scenarios, or all its tests, under a supervisor that writes the report however the run ends.
 *
 * @returns the report's exit code
 * @throws ShakedownError before anything ran, when paths, Vitest, its configuration, the report folder or a scenario
 *   file cannot be used
 */
export async function run(
  paths: readonly string[],
  options: RunOptions,
  cli: CommandLine,
): Promise<ExitCode> {
  const overrides = overridesOf(options, cli.environment)
  const job = await jobOf(paths, options, overrides, cli.cwd)
  const told: Told = { settings: undefined, journal: undefined }
  const end = await runSupervised(job, options, told, cli)
  if (end.kind === 'refused') {
    const { code, message, hint } = end.refusal
    throw new ShakedownError(code, message, { hint })
  }
  if (job.settingsOnly && told.settings !== undefined) {
    const settings = settingsOf(told.settings, overrides, cli.cwd)
    cli.output.stdout.write(options.json === true ? json(settings) : renderSettings(settings))
    return EXIT.passed
  }
  const { settings, journal } = told
  if (settings === undefined || journal === undefined) throw neverBegan(end)
  return conclude({ end, settings, journal, name: job.name }, options.json === true, cli)
}

async function jobOf(
  paths: readonly string[],
  options: RunOptions,
  overrides: Overrides,
  cwd: string,
): Promise<VitestJob> {
  const { all = false, printConfig = false } = options
  // Nothing is searched for when nothing is run, nor when Vitest takes all it has.
  const search =
    all || printConfig ? { places: existingPaths(paths, cwd), files: [] } : await findScenarios(paths, cwd)
  const config = overrides.config === undefined ? undefined : existingFile(overrides.config, cwd)
  const { nodeUrl } = findVitest(cwd)
  const reportDir = overrides.reportDir && path.resolve(cwd, overrides.reportDir.value)
  // Early: Vitest takes a second to get to it.
  if (reportDir !== undefined && !printConfig) prepareNamedDir(reportDir, overrides.reportDir?.from ?? '')
  return {
    vitestUrl: nodeUrl,
    cwd,
    places: paths.length === 0 ? [] : search.places,
    scenariosOnly: !all,
    found: search.files,
    name: options.name,
    config,
    reportDir,
    verbose: options.verbose ?? false,
    settingsOnly: printConfig,
  }
}

/** The advice names what the person can change: here not the plugin's option. */
function prepareNamedDir(reportDir: string, from: string): void {
  try {
    prepareReportDir(reportDir)
  } catch (error) {
    if (!(error instanceof ShakedownError)) throw error
    throw new ShakedownError(error.code, error.message, {
      hint: error.hint?.replaceAll('`reportDir`', `\`${from}\``),
      cause: error,
    })
  }
}

function existingFile({ value, from }: { value: string; from: string }, cwd: string): string {
  const file = path.resolve(cwd, value)
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file
  throw new ShakedownError('E_NO_SUCH_PATH', `Expected ${from} to name a file, got ${value}.`, {
    hint: `It was looked for at ${file}.`,
  })
}

async function runSupervised(
  job: VitestJob,
  { json: machine = false, verbose = false }: RunOptions,
  told: Told,
  { output }: CommandLine,
): Promise<ChildEnd> {
  const progress = new Progress(output.stderr, verbose)
  const onNews = (news: News): void => {
    if (news.kind === 'settled') told.settings = news.settings
    if (news.kind === 'started' && news.journal !== '') told.journal = news.journal
    if (news.kind === 'notice') progress.say(prose(`shakedown: ${news.sentence}`))
    if (news.kind === 'progress') progress.update(news)
  }
  const onStop = (signal: NodeJS.Signals, killing: boolean): void =>
    progress.say(
      killing
        ? `shakedown: ${signal}, killing what still runs`
        : 'shakedown: stopping; tests that have started may finish, Ctrl-C again kills them',
    )
  try {
    const childOutput = !verbose ? 'kept' : machine ? 'stderr' : 'stdout'
    return await superviseVitest({ job, childOutput, onNews, onStop })
  } finally {
    progress.end()
  }
}
