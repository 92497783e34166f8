import path from 'node:path'
import { createRedactor } from '../../src/base/redact/redactor.ts'
import { prepareReportDir } from '../journal/report-dir.ts'
import { ofThisShard } from './this-shard.ts'
import { refuseForeignReports, removeReports } from '../write-reports.ts'
import { createCleanText } from './clean-text.ts'
import { exitCodeSoFar, followProcess } from './process-end.ts'
import { createProjectPaths } from './project-paths.ts'
import { RunRecorder } from './run-recorder.ts'
import type {
  Reporter,
  SerializedError,
  TestCase,
  TestModule,
  TestRunEndReason,
  TestSpecification,
  TestSuite,
  Vitest,
} from 'vitest/node'
import type { FileRemark } from './file-remark.ts'
import type { Budgets } from '../analyse/gates.ts'
import type { RunReport } from '../report/model.ts'
import type { JournalEvent } from '../journal/events.ts'
import type { Unwritten } from '../journal/writer.ts'
import type { Redactor } from '../../src/base/redact/redactor.ts'
import type { Publish } from './publish.ts'

type HookContext = Parameters<NonNullable<Reporter['onHookStart']>>[0]
type ConsoleLog = Parameters<NonNullable<Reporter['onUserConsoleLog']>>[0]

/** Options of the reporter: settings of the plugin, each with a value. */
export interface ShakedownReporterOptions {
  /** The project root that paths in the report are relative to. */
  readonly root: string
  /** Absolute, or relative to the root. */
  readonly reportDir: string
  readonly redact: readonly string[]
  readonly files: boolean
  readonly print: boolean
  readonly budgets: Budgets
  /** What the texts of modules, by their paths, are remarked for. Default nothing. */
  readonly remarks?: ReadonlyMap<string, readonly FileRemark[]>
  /** Where the summary is printed. */
  readonly stream: NodeJS.WriteStream
  /** The terminal that it may be has only ASCII; default false. */
  readonly asciiTerminal?: boolean
  /** Called with the finished report, after the files were written. */
  readonly onReport?: (report: RunReport) => void
  /** Keep the events for the command line, which makes the report itself; default false. */
  readonly keepEvents?: boolean
}

/**
 * The Vitest reporter: journals the run as it happens, and turns the journal into reports when it ends.
 *
 * Works with Vitest 4.1 and 5. In watch mode every rerun is a run of its own, with its own journal: the report is that
 * of the last one, and says of how many files it is.
 *
 * @throws ShakedownError `E_REDACT` for a secret too short to hide; later `E_REPORT_DIR` when the report folder
 * cannot be written: before the first test, not after the last
 */
export class ShakedownReporter implements Reporter {
  readonly #options: ShakedownReporterOptions
  readonly #redactor: Redactor
  #vitest: Vitest | undefined
  #run: RunRecorder | undefined
  /** The next run is of what has changed. */
  #rerun = false
  /** The files that have run. */
  readonly #files = new Set<string>()
  #starting: Promise<void> = Promise.resolve()
  #preparing: Promise<void> | undefined
  #publishWhenReady: Publish | undefined
  /** The process ends while a run is on: Ctrl-C, a signal, or Vitest giving up. What is known is written. */
  readonly #onExit = (exitCode: number): void => {
    this.#run?.end([], [], 'interrupted')
    this.#publish(exitCode)
  }

  constructor(options: ShakedownReporterOptions) {
    this.#options = options
    this.#redactor = createRedactor(options.redact)
  }

  /** The journal file of the current run, or of the last one; `undefined` before the first. */
  get journal(): string | undefined {
    return this.#run?.path
  }

  /** What is in that journal, if events are kept: to write files, to print or because it was asked for. */
  get events(): readonly JournalEvent[] {
    return this.#run?.events ?? []
  }

  /** Settles when the run that Vitest has announced has its journal. */
  get started(): Promise<void> {
    return this.#starting
  }

  /**
   * Adds an event to the journal of the current run; without one it does nothing.
   *
   * For what is observed outside of Vitest's reporter interface: a watchdog that gave up on a file, warnings
   * counted in a worker, an async error with the test that caused it.
   */
  record(event: JournalEvent): void {
    this.#run?.record(event)
  }

  /** How long that journal is; `undefined` when somebody else has changed it. */
  get journalBytes(): number | undefined {
    return this.#run?.journalBytes
  }

  /** What that journal holds, as its SHA-256; `undefined` when somebody else has changed it. */
  get journalSha256(): string | undefined {
    return this.#run?.journalSha256
  }

  /** What of the journal is not in its place, and why; see `JournalWriter.unwritten`. */
  unwritten(): Unwritten | undefined {
    return this.#run?.unwritten()
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
    prepareReportDir(this.#reportDir())
    if (this.#options.files) refuseForeignReports(this.#reportDir())
  }

  onWatcherRerun(): void {
    this.#rerun = true
  }

  onTestRunStart(specifications: readonly TestSpecification[]): Promise<void> {
    return (this.#starting = this.#start(specifications))
  }

  async #start(specifications: readonly TestSpecification[]): Promise<void> {
    const vitest = this.#vitest
    if (!vitest) return
    this.#run?.close()
    const root = this.#root()
    const text = createCleanText(createProjectPaths(root), this.#redactor)
    const reportDir = this.#reportDir()
    removeReports(reportDir)
    const { budgets, keepEvents = false } = this.#options
    const publishes = this.#publishes()
    for (const { moduleId, project } of specifications) this.#files.add(`${project.name}\n${moduleId}`)
    const rerunOf = this.#rerun ? this.#files.size : undefined
    this.#rerun = false
    this.#run = new RunRecorder(vitest, await ofThisShard(vitest, specifications), {
      root,
      reportDir,
      redactor: this.#redactor,
      text,
      budgets,
      rerunOf,
      keep: publishes || keepEvents,
    })
    if (publishes) this.#preparing ??= this.#prepare(reportDir)
    process.once('exit', this.#onExit)
  }

  onTestModuleQueued(module: TestModule): void {
    this.#run?.fileStarted(module)
  }

  onTestModuleCollected(module: TestModule): void {
    this.#run?.fileCollected(module)
  }

  onTestCaseReady(test: TestCase): void {
    this.#run?.testStarted(test)
  }

  onTestCaseResult(test: TestCase): void {
    this.#run?.testFinished(test)
  }

  onTestSuiteResult(suite: TestSuite): void {
    this.#run?.suiteFinished(suite)
  }

  onTestModuleEnd(module: TestModule): void {
    const { moduleId, project } = module
    for (const remark of this.#options.remarks?.get(moduleId) ?? [])
      this.#run?.remarked(moduleId, project.name, remark)
    this.#run?.fileFinished(module)
  }

  onHookStart(hook: HookContext): void {
    this.#run?.hooks.started(hook)
  }

  onHookEnd(hook: HookContext): void {
    this.#run?.hooks.ended(hook)
  }

  onUserConsoleLog(log: ConsoleLog): void {
    if (log.type !== 'stderr') return
    // With `printConsoleTrace` Vitest sends call by call and `size` is the text's length; else `size` counts calls.
    const count = this.#vitest?.config.printConsoleTrace ? 1 : log.size
    this.#run?.warned(log.taskId, log.content, count)
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    this.#remarkHelpers()
    this.#run?.end(modules, unhandled, reason)
    await this.#preparing
    process.off('exit', this.#onExit)
    this.#publish()
    this.#followProcess()
  }

  /** Vitest gave up waiting for its own end: all tests are done and something keeps the process alive. */
  onProcessTimeout(): void {
    const limitMs = this.#vitest?.config.teardownTimeout ?? 0
    this.record({
      type: 'hang',
      atMs: Date.now(),
      kind: 'run',
      file: null,
      phase: 'close',
      limitMs,
      elapsedMs: limitMs,
    })
    this.#publish()
  }

  /** Of modules that are no test files, such as a setup file: these have no end of their own. */
  #remarkHelpers(): void {
    const tests = new Set([...this.#files].map((file) => file.slice(file.indexOf('\n') + 1)))
    for (const [file, remarks] of this.#options.remarks ?? [])
      if (!tests.has(file)) for (const remark of remarks) this.#run?.remarked(file, '', remark)
  }

  #root(): string {
    return path.resolve(this.#options.root)
  }

  #reportDir(): string {
    return path.resolve(this.#root(), this.#options.reportDir)
  }

  /** Nothing is rendered, and nothing for it loaded, when the command line makes the report. */
  #publishes(): boolean {
    const { files, print, onReport } = this.#options
    return files || print || onReport !== undefined
  }

  async #prepare(reportDir: string): Promise<void> {
    const { files, print, stream, asciiTerminal = false, onReport } = this.#options
    const { preparePublish } = await import('./publish.ts')
    const begun = this.#run?.events ?? []
    this.#publishWhenReady = await preparePublish({
      begun,
      reportDir,
      files,
      print: print ? stream : undefined,
      asciiTerminal,
      onReport,
    })
  }

  /** @param corrects its summary was printed */
  #publish(exitCode?: number, corrects = false): void {
    const run = this.#run
    if (!run) return
    const exits = (): boolean => this.#endsAlone && run.exits(exitCode ?? exitCodeSoFar())
    exits()
    this.#publishWhenReady?.({ events: run.events, journalError: run.unwritten()?.error, exits }, corrects)
  }

  /** Nobody else judges this run, and its process ends with it. */
  get #endsAlone(): boolean {
    return this.#options.keepEvents !== true && this.#vitest?.config.watch !== true
  }

  /** Until the process ends, its tests are not the whole story. */
  #followProcess(): void {
    const [run, vitest] = [this.#run, this.#vitest]
    if (run === undefined || vitest === undefined || !this.#endsAlone) return
    const before = exitCodeSoFar()
    followProcess(vitest, ({ exitCode, complaints }) => {
      // A run that was started after this one in the same process has a record of its own.
      if (run !== this.#run || exitCode === before) return
      if (exitCode !== 0) run.failed(complaints || `Vitest ended with exit code ${exitCode} after its tests.`)
      this.#publish(exitCode, true)
    })
  }
}
