import { redactEvent } from '../journal/redact-event.ts'
import { JournalWriter } from '../journal/writer.ts'
import { NOT_RUN_INTERRUPTED } from '../analyse/not-run.ts'
import type { FileRemark } from './file-remark.ts'
import { withMistake } from './code-frame.ts'
import { toErrorInfo, toErrorInfos } from './error-info.ts'
import { FileProjects } from './file-projects.ts'
import { OpenHooks } from './open-hooks.ts'
import { isAborted, roundMs, testName, toTestFinished } from './outcome.ts'
import { startOf } from './run-facts.ts'
import type { StartOptions } from './run-facts.ts'
import { readSelection } from './selection.ts'
import { processWarningsIn } from './task-meta.ts'
import { TestNames } from './test-names.ts'
import { toUnhandledEvents } from './unhandled.ts'
import { WarningCounter } from './warning-counter.ts'
import type { TestCase, TestModule, TestSpecification, TestSuite, Vitest } from 'vitest/node'
import type { InFile, JournalEvent, RunEnded } from '../journal/events.ts'
import type { Redactor } from '../../src/base/redact/redactor.ts'
import type { Unwritten } from '../journal/writer.ts'
import type { CleanText } from './clean-text.ts'
import type { Selection } from './selection.ts'

/** A flood of warnings reaches the journal at least this often, so that a killed run still has most of its count. */
const WARNINGS_EVERY_MS = 1_000

/** What a recorder works with. */
export interface RecorderOptions extends StartOptions {
  /** Absolute. */
  readonly reportDir: string
  readonly redactor: Redactor
  readonly text: CleanText
  /** Keep what was recorded, for a report in this process. */
  readonly keep: boolean
}

/** How Vitest words that a `describe` is empty: no hook of it failed. */
const NO_TEST = /^No test found in suite /

/**
 * Writes one run into its journal while it happens.
 *
 * It tolerates what Vitest does when a run is cut short: results that were never announced are made up for by
 * `end`, from the state Vitest keeps.
 */
export class RunRecorder {
  readonly hooks: OpenHooks = new OpenHooks()
  /** The journal's events, if they were to be kept. */
  readonly events: JournalEvent[] = []
  readonly #keep: boolean
  readonly #redactor: Redactor
  readonly #vitest: Vitest
  readonly #text: CleanText
  readonly #names: TestNames
  readonly #journal: JournalWriter
  readonly #selection: Selection
  readonly #warnings: WarningCounter
  /** Ids of the tests, suites and files that are in the journal with their result. */
  readonly #recorded = new Set<string>()
  /** Vitest's file ids, to find out who wrote to the console. */
  readonly #files = new Map<string, InFile>()
  readonly #projects = new FileProjects()
  #warningsAtMs: number
  #ended = false
  #listening = false
  #bailed = false
  #interrupted = false
  #exitCode: number | undefined
  /** Ids of the tests that began, and of the files that an interruption kept from their end. */
  readonly #begun = new Set<string>()
  readonly #cutShort = new Set<string>()

  /** @throws ShakedownError `E_REPORT_DIR` when the journal cannot be created */
  constructor(vitest: Vitest, specifications: readonly TestSpecification[], options: RecorderOptions) {
    const started = startOf(vitest, options)
    const { atMs, runId } = started
    this.#vitest = vitest
    this.#text = options.text
    this.#names = new TestNames(options.text)
    this.#redactor = options.redactor
    this.#keep = options.keep
    this.#journal = new JournalWriter(options.reportDir, runId)
    this.#selection = readSelection(vitest, specifications)
    this.#warnings = new WarningCounter(options.text)
    this.#warningsAtMs = atMs
    this.record(started)
    for (const spec of specifications) {
      const where = this.#where(spec.moduleId, spec.project.name)
      this.#projects.add(where)
      this.record({ type: 'file-queued', atMs, ...where })
    }
  }

  /** The journal's file. */
  get path(): string {
    return this.#journal.path
  }

  /** See `JournalWriter.bytes`. */
  get journalBytes(): number | undefined {
    return this.#journal.bytes
  }

  /** See `JournalWriter.sha256`. */
  get journalSha256(): string | undefined {
    return this.#journal.sha256
  }

  /** What of the journal is not on the disk; see `JournalWriter.unwritten`. */
  unwritten(): Unwritten | undefined {
    return this.#journal.unwritten()
  }

  /** Appends an event with its secrets hidden. */
  record(event: JournalEvent): void {
    const redacted = redactEvent(this.#projects.complete(event), this.#redactor)
    if (this.#keep) this.events.push(redacted)
    this.#journal.append(redacted)
  }

  fileStarted(module: TestModule): void {
    this.#listenForBail()
    const where = this.#whereOf(module)
    this.#files.set(module.id, where)
    this.#projects.started(where)
    this.record({ type: 'file-started', atMs: Date.now(), ...where })
  }

  fileCollected(module: TestModule): void {
    this.#names.collected(module)
    const tests = [...module.children.allTests()].length
    this.record({ type: 'file-collected', atMs: Date.now(), ...this.#whereOf(module), tests })
  }

  testStarted(test: TestCase): void {
    const { mode } = test.options
    // Vitest announces also the tests that an interruption keeps from running.
    if (mode === 'skip' || mode === 'todo' || this.#interrupted) return
    this.#begun.add(test.id)
    const where = this.#whereOf(test.module)
    this.record({
      type: 'test-started',
      atMs: Date.now(),
      ...where,
      id: test.id,
      test: this.#names.of(test),
    })
  }

  testFinished(test: TestCase): void {
    if (this.#recorded.has(test.id)) return
    const aborted = this.#interrupted && isAborted(test)
    if (aborted) this.#cutShort.add(test.module.id)
    // It was running, and stays so in the record: it is lost.
    if (aborted && this.#begun.has(test.id)) return
    const event = toTestFinished(test, {
      bailed: this.#bailed,
      name: this.#names.of(test),
      atMs: Date.now(),
      where: this.#whereOf(test.module),
      phase: this.hooks.take(test.id, 'test', test.result().errors?.length),
      text: this.#text,
      selection: this.#selection,
    })
    if (!event) return
    this.#recorded.add(test.id)
    this.record(aborted ? { ...event, reason: NOT_RUN_INTERRUPTED } : event)
  }

  suiteFinished(suite: TestSuite): void {
    const errors = toErrorInfos(suite.errors(), this.#text)
    if (errors.length === 0 || this.#recorded.has(suite.id)) return
    this.#recorded.add(suite.id)
    this.record({
      type: 'suite-failed',
      atMs: Date.now(),
      ...this.#whereOf(suite.module),
      suite: testName(suite.fullName, this.#text),
      phase: this.hooks.take(
        suite.id,
        errors.every(({ message }) => NO_TEST.test(message)) ? 'unknown' : 'hook',
      ),
      errors,
    })
  }

  /** Writes the file's end, and whatever of its tests has not been announced. */
  fileFinished(module: TestModule): void {
    for (const test of module.children.allTests()) this.testFinished(test)
    for (const suite of module.children.allSuites()) this.suiteFinished(suite)
    const state = module.state()
    // Vitest calls a file whose worker died `pending`, to its very end; the report calls it lost.
    if (state === 'pending' || state === 'queued' || this.#recorded.has(module.id)) return
    if (this.#cutShort.has(module.id)) return
    this.#recorded.add(module.id)
    const counted = processWarningsIn(module.meta())
    if (counted) this.#warnings.addCounted(this.#whereOf(module), counted)
    this.#drainWarnings()
    this.#projects.finished(this.#whereOf(module))
    this.record({
      type: 'file-finished',
      atMs: Date.now(),
      ...this.#whereOf(module),
      status: state,
      durationMs: roundMs(module.diagnostic().duration),
      phase: this.hooks.take(module.id, 'import'),
      errors: toErrorInfos(module.errors(), this.#text).map((error) => withMistake(error, this.#text)),
    })
  }

  /** @param file absolute; it need not be a test file */
  remarked(file: string, project: string, { code, message, line, column }: FileRemark): void {
    const where = this.#where(file, project)
    const location = { file: where.file, line, column }
    this.record({ type: 'remark', atMs: Date.now(), ...where, code, message, location })
  }

  /**
   * Counts text written to the error stream through the console.
   *
   * @param taskId Vitest's id of the test or file that wrote it
   */
  warned(taskId: string | undefined, content: string, count: number): void {
    const fileId = taskId?.split('_')[0]
    this.#warnings.add(fileId === undefined ? null : (this.#files.get(fileId) ?? null), content, count)
    if (Date.now() - this.#warningsAtMs >= WARNINGS_EVERY_MS) this.#drainWarnings()
  }

  /** Writes the end of the run and everything that was not announced before it. A run ends once. */
  end(modules: readonly TestModule[], unhandled: readonly unknown[], status: RunEnded['status']): void {
    if (this.#ended) return
    this.#ended = true
    for (const module of modules) this.fileFinished(module)
    this.#drainWarnings()
    const atMs = Date.now()
    for (const event of toUnhandledEvents(unhandled, atMs, this.#text)) this.record(event)
    this.record({
      type: 'run-ended',
      atMs,
      status: this.#bailed && status === 'interrupted' ? 'bailed' : status,
      ...mergedDuration(this.#vitest),
    })
  }

  /** Records why the run fails although its tests may have passed. */
  failed(message: string): void {
    this.record({ type: 'run-failed', atMs: Date.now(), error: toErrorInfo({ message }, this.#text) })
  }

  /** Records what the process ends with, by what is known now. @returns whether that is news */
  exits(exitCode: number): boolean {
    if (this.#exitCode === exitCode) return false
    this.#exitCode = exitCode
    this.record({ type: 'exit-code', atMs: Date.now(), exitCode })
    return true
  }

  /** After this, events are dropped. */
  close(): void {
    this.#journal.close()
  }

  /** Vitest forgets its listeners when a run starts, after its reporters have heard of the start. */
  #listenForBail(): void {
    if (this.#listening) return
    this.#listening = true
    this.#vitest.onCancel((reason) => {
      this.#bailed ||= reason === 'test-failure'
      this.#interrupted ||= reason !== 'test-failure'
    })
  }

  #drainWarnings(): void {
    this.#warningsAtMs = Date.now()
    for (const event of this.#warnings.drain(this.#warningsAtMs)) this.record(event)
  }

  #whereOf(module: TestModule): InFile {
    return this.#where(module.moduleId, module.project.name)
  }

  #where(moduleId: string, project: string): InFile {
    const file = this.#text.paths.relative(moduleId)
    return project === '' ? { file } : { file, project }
  }
}

/** With `--merge-reports`, Vitest replays what other runs did; it shows the sum of their durations as its own. */
function mergedDuration({ state }: Vitest): { durationMs?: number } {
  const times = state?.blobs?.executionTimes
  return times ? { durationMs: roundMs(times.reduce((sum, ms) => sum + ms, 0)) } : {}
}
