import { AfterTests } from '../../../reporters/collect/after-tests.ts'
import { prepareReportDir } from '../../../reporters/journal/report-dir.ts'
import { refuseForeignReports, removeReports } from '../../../reporters/write-reports.ts'
import { describeThrown } from '../../../src/base/serialize-error.ts'
import { checkRunsFile } from './check-runs-file.ts'
import { chooseFiles, requireFiles } from './choose-files.ts'
import { findConfigFile } from '../config-file.ts'
import { displayPath } from '../../scenario/file-problem.ts'
import { refuseLeftOut } from './left-out.ts'
import { settledValue } from '../../settings/settle.ts'
import type { ChildMessage, ParentMessage, Refused, VitestJob } from '../supervisor/messages.ts'
import { progressReporter } from './progress-reporter.ts'
import { journalKeeper } from './journal-keeper.ts'
import { reportBegun, reportEnded } from './run-report.ts'
import type { VitestInstance, VitestModule } from './vitest-api.ts'
import { openVitest } from './vitest-session.ts'
import type { VitestSession } from './vitest-session.ts'

/*
 * The process the supervisor starts: the project's Vitest, and nothing that must survive it. What it has to say goes
 * through the channel; what it writes to its streams is Vitest's or the project's own.
 */

/** A filter that no path matches: paths have no such character. */
const NO_FILE = '\0'

let running: VitestInstance | undefined
const afterTests = new AfterTests()

/** Does what the supervisor asks for, until it is gone. */
export function serveSupervisor(): void {
  process.on('message', (message: ParentMessage) => {
    if (message.kind === 'run') void work(message.job)
    else void stop()
  })
  process.on('disconnect', dieWithSupervisor)
}

async function work(job: VitestJob): Promise<void> {
  let session: VitestSession
  let files: readonly string[]
  let begun = Promise.resolve()
  try {
    const module = (await import(job.vitestUrl)) as VitestModule
    const reporter = progressReporter(tell)
    const onTestRunEnd = (_: unknown, errors: readonly unknown[], reason: string): void => {
      reporter.onTestRunEnd()
      // The journal has the reason; what sets the code again from here on has another one.
      const failed = errors.length > 0 || reason !== 'passed'
      if (failed && process.exitCode === 1) process.exitCode = 0
      afterTests.listen(session.vitest)
    }
    session = await openVitest(module, job, {
      ...reporter,
      onTestRunEnd,
      onTestRunStart: (specifications: Parameters<typeof reporter.onTestRunStart>[0]) => {
        reporter.onTestRunStart(specifications)
        // The reporter that writes the journal hears of the start after this one, in the same turn.
        queueMicrotask(() => {
          begun = runBegan(session, specifications.length)
        })
      },
    })
    tell({ kind: 'settled', settings: session.settings })
    if (job.settingsOnly) return await leave(session.vitest)
    files = await prepare(session, job)
  } catch (error) {
    tell(refusal(error, job))
    return leave(undefined)
  }
  running = session.vitest
  if (files.length > 0) await session.vitest.start(files)
  else await runNothing(session.vitest)
  await begun
  await runEnded(session, job)
  await leave(session.vitest)
}

/** @returns the files to run @throws what keeps the run from beginning */
async function prepare({ vitest, settings }: VitestSession, job: VitestJob): Promise<readonly string[]> {
  const { reportDir, values } = settings
  prepareReportDir(reportDir)
  removeReports(reportDir)
  if (settledValue(values, 'files')) refuseForeignReports(reportDir)
  const notice = checkRunsFile(reportDir)
  if (notice !== undefined) tell({ kind: 'notice', sentence: notice })
  return filesOf(vitest, job)
}

async function runBegan({ vitest, settings }: VitestSession, files: number): Promise<void> {
  const keeper = journalKeeper(vitest)
  // A journal that cannot be opened fails the run, which tells it.
  await keeper?.started.catch(() => {})
  tell({ kind: 'started', journal: keeper?.journal ?? '', files })
  // What cannot be written is named at the end.
  if (keeper !== undefined) await reportBegun(keeper.events, settings).catch(() => {})
}

/** Tells what becomes of the run, as far as it is known here: when anything else happens, the supervisor judges. */
async function runEnded({ vitest, settings }: VitestSession, job: VitestJob): Promise<void> {
  const keeper = journalKeeper(vitest)
  tellUnwritten(vitest)
  const journalBytes = keeper?.unwritten() === undefined ? keeper?.journalBytes : undefined
  if (keeper === undefined || journalBytes === undefined) return
  // The supervisor tries again, and says what went wrong.
  const reported = await reportEnded(keeper.events, settings, job).catch(() => undefined)
  if (reported !== undefined) tell({ kind: 'reported', ...reported, journalBytes })
}

/** Tells what the supervisor will not find in the journal. */
function tellUnwritten(vitest: VitestInstance): void {
  const keeper = journalKeeper(vitest)
  const unwritten = keeper?.unwritten()
  if (unwritten === undefined) {
    const { journalBytes: bytes, journalSha256: sha256 } = keeper ?? {}
    const whole = bytes === undefined || sha256 === undefined ? {} : { whole: { bytes, sha256 } }
    return tell({ kind: 'unwritten', text: '', ...whole })
  }
  const { code, message, hint } = unwritten.error
  tell({ kind: 'unwritten', text: unwritten.text, error: { code, message, hint } })
}

async function filesOf(vitest: VitestInstance, job: VitestJob): Promise<readonly string[]> {
  const specifications = await vitest.globTestSpecifications()
  const files = chooseFiles(
    specifications.map(({ moduleId }) => moduleId),
    job,
  )
  const projects = vitest.projects.map(({ config }) => config)
  await refuseLeftOut(job.found, files, projects, job.cwd)
  if (!mayBeEmpty(vitest)) requireFiles(files, job)
  const count = specifications.filter(({ moduleId }) => files.includes(moduleId)).length
  allowEmptyShards(vitest, count)
  return files
}

/**
 * Vitest refuses all parts when there are more of them than files, also those that have one. A matrix that is larger
 * than a project leaves some parts nothing to run, which is no failure.
 */
function allowEmptyShards({ config }: VitestInstance, files: number): void {
  if (config.shard !== undefined && files > 0 && config.shard.count > files) config.passWithNoTests = true
}

/**
 * A run of no files: reporters hear of it, so that it leaves a report. Without a filter Vitest would run all it has.
 */
async function runNothing(vitest: VitestInstance): Promise<void> {
  try {
    await vitest.start([NO_FILE])
  } catch (error) {
    const found = error instanceof Error && 'code' in error ? error.code : undefined
    if (found !== 'VITEST_FILES_NOT_FOUND') throw error
    // That there is no file is known, and judged by the report.
    process.exitCode = 0
  }
}

/** Where the configuration says so, nothing to run is no mistake. */
function mayBeEmpty({ config: { passWithNoTests, shard } }: VitestInstance): boolean {
  return passWithNoTests === true || shard !== undefined
}

async function stop(): Promise<void> {
  // Before the run there is nothing that needs time to end.
  if (running === undefined) process.exit()
  await running.cancelCurrentRun('keyboard-input')
}

/** Ends this process also when something of the project would keep it alive. */
async function leave(vitest: VitestInstance | undefined): Promise<void> {
  if (vitest !== undefined) tell({ kind: 'closing', limitMs: vitest.config.teardownTimeout })
  await vitest?.close()
  // Once more: the teardown of a `globalSetup` is part of closing, and may touch the journal.
  if (vitest !== undefined) tellUnwritten(vitest)
  // Not before the supervisor has everything that was told.
  process.send?.({ kind: 'finished', complaints: afterTests.complaints } satisfies ChildMessage, () =>
    process.exit(),
  )
}

/** A supervisor that is gone can no longer reap; the group's leader takes the workers along. */
function dieWithSupervisor(): void {
  if (process.platform === 'win32') process.exit(1)
  process.kill(-process.pid, 'SIGKILL')
}

function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message)
}

/** Errors of ours keep their words; a copy of the plugin in the project has error classes of its own. */
function refusal(error: unknown, { config, cwd }: VitestJob): Refused {
  const message = describeThrown(error)
  const file = config ?? findConfigFile(cwd)
  const shown = file === undefined ? undefined : displayPath(file, cwd)
  if (error instanceof Error && 'code' in error && /^E_[A-Z_]+$/.test(String(error.code))) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined
    const inFile = error.code === 'E_CONFIG' && shown !== undefined ? `See ${shown}.` : undefined
    return { kind: 'refused', code: String(error.code), message, hint: hint ?? inFile }
  }
  return {
    kind: 'refused',
    code: 'E_VITEST_CONFIG',
    message: `Expected Vitest to start with ${shown ?? 'the configuration of this project'}, got: ${message}`,
    hint: '`npx vitest run` shows the same error with its stack.',
  }
}
