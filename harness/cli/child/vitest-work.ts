import { prepareReportDir } from '../../../reporters/journal/report-dir.ts'
import { refuseForeignReports, removeReports } from '../../../reporters/write-reports.ts'
import { describeThrown } from '../../../src/base/serialize-error.ts'
import { checkRunsFile } from './check-runs-file.ts'
import { checkScenarioFiles, chooseFiles, requireFiles } from './choose-files.ts'
import { refuseLeftOut } from './left-out.ts'
import { settledValue } from '../../settings/settle.ts'
import { workspaceRoot } from '../../scenario/file/boundary.ts'
import type {
  ChildMessage,
  ParentMessage,
  Refused,
  SettledSettings,
  VitestJob,
} from '../supervisor/messages.ts'
import { progressReporter } from './progress-reporter.ts'
import type { ShakedownError } from '../../../src/base/errors.ts'
import type { VitestInstance, VitestModule } from './vitest-api.ts'
import { openVitest } from './vitest-session.ts'
import { VerdictAfterTests } from './verdict-after-tests.ts'

/*
 * The process the supervisor starts: the project's Vitest, and nothing that must survive it. What it has to say goes
 * through the channel; what it writes to its streams is Vitest's or the project's own.
 */

/** A filter that no path matches: paths have no such character. */
const NO_FILE = '\0'

let running: VitestInstance | undefined
const verdict = new VerdictAfterTests()

process.on('message', (message: ParentMessage) => {
  if (message.kind === 'run') void work(message.job)
  else void stop()
})
process.on('disconnect', dieWithSupervisor)

async function work(job: VitestJob): Promise<void> {
  let vitest: VitestInstance
  let files: readonly string[]
  try {
    const module = (await import(job.vitestUrl)) as VitestModule
    const reporter = progressReporter(tell)
    const onTestRunEnd = (_: unknown, errors: readonly unknown[], reason: string): void => {
      reporter.onTestRunEnd()
      verdict.testsEnded(vitest, errors.length > 0 || reason !== 'passed')
    }
    const session = await openVitest(module, job, {
      ...reporter,
      onTestRunEnd,
      onTestRunStart: (specifications: Parameters<typeof reporter.onTestRunStart>[0]) => {
        reporter.onTestRunStart(specifications)
        // The reporter that writes the journal hears of the start after this one, in the same turn.
        queueMicrotask(() => void tellStarted(vitest, specifications.length))
      },
    })
    vitest = session.vitest
    tell({ kind: 'settled', settings: session.settings })
    if (job.settingsOnly) return await leave(vitest)
    prepareReportDir(session.settings.reportDir)
    removeReports(session.settings.reportDir)
    if (settledValue(session.settings.values, 'files')) refuseForeignReports(session.settings.reportDir)
    const notice = checkRunsFile(session.settings.reportDir)
    if (notice !== undefined) tell({ kind: 'notice', sentence: notice })
    files = await filesOf(vitest, job, session.settings)
  } catch (error) {
    tell(refusal(error))
    return leave(undefined)
  }
  running = vitest
  if (files.length > 0) await vitest.start(files)
  else await runNothing(vitest)
  tellUnwritten(vitest)
  await leave(vitest)
}

async function tellStarted(vitest: VitestInstance, files: number): Promise<void> {
  const keeper = journalKeeper(vitest)
  // A journal that cannot be opened fails the run, which tells it.
  await keeper?.started.catch(() => {})
  tell({ kind: 'started', journal: keeper?.journal ?? '', files })
}

/** Tells what the supervisor will not find in the journal. */
function tellUnwritten(vitest: VitestInstance): void {
  const unwritten = journalKeeper(vitest)?.unwritten()
  if (unwritten === undefined) return tell({ kind: 'unwritten', text: '' })
  const { code, message, hint } = unwritten.error
  tell({ kind: 'unwritten', text: unwritten.text, error: { code, message, hint } })
}

async function filesOf(
  vitest: VitestInstance,
  job: VitestJob,
  { root, values }: SettledSettings,
): Promise<readonly string[]> {
  const specifications = await vitest.globTestSpecifications()
  const files = chooseFiles(
    specifications.map(({ moduleId }) => moduleId),
    job,
  )
  const projects = vitest.projects.map(({ config }) => config)
  await refuseLeftOut(job.found, files, projects, job.cwd)
  if (!mayBeEmpty(vitest)) requireFiles(files, job)
  checkScenarioFiles(files, job.cwd, settledValue(values, 'scenarioRoot') ?? workspaceRoot(root))
  return files
}

/** A run of no files: reporters hear of it, so that it leaves a report. Without a filter Vitest would run all it has. */
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

/** What the reporter that writes the journal tells of it. */
interface JournalKeeper {
  readonly journal: string | undefined
  /** Settles when the journal of a run that was announced is open. */
  readonly started: Promise<void>
  unwritten(): { readonly text: string; readonly error: ShakedownError } | undefined
}

/** The reporter may be a copy of the project's own, so it is known by what it has. */
function journalKeeper({ config }: VitestInstance): JournalKeeper | undefined {
  return config.reporters.find(
    (entry): entry is JournalKeeper =>
      typeof entry === 'object' &&
      entry !== null &&
      'journal' in entry &&
      'started' in entry &&
      'unwritten' in entry,
  )
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
  process.send?.({ kind: 'finished', complaints: verdict.complaints } satisfies ChildMessage, () =>
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
function refusal(error: unknown): Refused {
  const message = describeThrown(error)
  if (error instanceof Error && 'code' in error && /^E_[A-Z_]+$/.test(String(error.code))) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined
    return { kind: 'refused', code: String(error.code), message, hint }
  }
  return {
    kind: 'refused',
    code: 'E_VITEST_CONFIG',
    message: `Expected Vitest to start with the configuration of this project, got: ${message}`,
    hint: '`npx vitest run` shows the same error with its stack.',
  }
}
