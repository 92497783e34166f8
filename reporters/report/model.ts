import type { FileReport } from './files.ts'
import type { ErrorInfo, SourceLocation } from './error-info.ts'
import type { ScenarioProblem, ScenarioRemark, ScenarioSummary } from './scenarios.ts'

/**
 * The `schemaVersion` this release writes; it grows only when a field changes its meaning or goes away.
 *
 * @example
 * const { schemaVersion } = JSON.parse(readFileSync('report.json', 'utf8')) as { schemaVersion: number }
 * if (schemaVersion > SCHEMA_VERSION) console.error('A newer release wrote this report.')
 */
export const SCHEMA_VERSION = 1

/**
 * `incomplete`: something never got to its end, so neither `passed` nor `failed` would be the whole truth. `empty`: no
 * test ran, left out or skipped all, so nothing was proved; the exit code says whether that was to be expected.
 */
export type RunStatus = 'passed' | 'failed' | 'incomplete' | 'empty'

/**
 * 0 passed, or nothing to run because all tests are skipped, in a shard or with `passWithNoTests` · 1 test failures · 2
 * nothing failed but scenarios that could not be loaded, or no test was left to run · 3 a gate exceeded · 4 timeouts,
 * lost files or async errors without test failures.
 */
export type RunExitCode = 0 | 1 | 2 | 3 | 4

/**
 * How the run ended: by itself, after as many failures as `--bail` allows, by Ctrl-C, or not at all (its process died).
 */
export type RunEnd = 'finished' | 'bailed' | 'interrupted' | 'killed'

/**
 * Everything known about one run of a test suite, as `.shakedown/report.json` holds it. Data only; renderers read it.
 *
 * @example
 * const { totals, failures, run }: RunReport = parseReport(readFileSync('report.json', 'utf8'), 'report.json')
 * console.log(`${totals.passed} passed`, failures[0]?.file, run.status)
 */
export interface RunReport {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly run: RunInfo
  readonly totals: Totals
  readonly files: readonly FileReport[]
  readonly failures: readonly Failure[]
  readonly timeouts: readonly Timeout[]
  readonly asyncErrors: readonly AsyncError[]
  readonly warnings: WarningSummary
  readonly skipped: readonly SkippedTest[]
  /** The slowest tests, slowest first, at most 20. */
  readonly slowest: readonly SlowTest[]
  readonly flaky: readonly FlakyTest[]
  readonly benches: readonly BenchResult[]
  readonly gates: readonly Gate[]
  readonly scenarios: ScenarioSummary
  /** What fails nobody but deserves a look, in the order of the files. */
  readonly remarks: readonly Remark[]
}

/** Something that a scenario or a test does which proves less than it seems to. */
export interface Remark extends ScenarioRemark {
  readonly file: string
  readonly project?: string
  /** `null` for what belongs to the file as a whole. */
  readonly test: string | null
}

export interface RunInfo {
  /** Sorts by start time; names the journal file. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** From the run's start to its last recorded event. */
  readonly durationMs: number
  readonly status: RunStatus
  readonly end: RunEnd
  /** What `shakedown run` ends with, and `shakedown report` of this run. */
  readonly exitCode: RunExitCode
  /**
   * What the process of a plain `vitest run` ends with, which is for Vitest to say: it knows fewer reasons to fail, and
   * only one code for them. `null` under `shakedown run`, which ends with `exitCode`; in watch mode; of merged runs;
   * and where it is not known, because the process was killed.
   */
  readonly processExitCode: number | null
  /**
   * In watch mode, that this report is of a rerun only: of so many files, of so many that have run since Vitest
   * started. `null` for a run that is whole.
   */
  readonly rerun: { readonly files: number; readonly of: number } | null
  /** Version of Vitest. */
  readonly vitest: string
  /** Version of Node. */
  readonly node: string
  readonly commit: string | null
  readonly branch: string | null
  /** The shards this report covers; empty when the run was not sharded. */
  readonly shards: readonly Shard[]
  /** The CI service; `null` on a developer's machine. */
  readonly ci: CiInfo | null
}

export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

export interface CiInfo {
  /** The service's name; `null` for one that is not known. */
  readonly name: string | null
  readonly pullRequest: boolean
}

/** `tests` = passed + failed + timedOut + skipped + todo + deselected + unfinished. */
export interface Totals {
  readonly files: number
  readonly tests: number
  readonly passed: number
  /** Tests that failed in any other way than by a timeout. */
  readonly failed: number
  readonly skipped: number
  readonly todo: number
  /** Tests a name, line or tag filter left out. */
  readonly deselected: number
  /** Tests whose own timeout, or that of one of their hooks, ran out. */
  readonly timedOut: number
  /** Files that never reached their end, whatever became of them. */
  readonly lost: number
  /** Files that `--bail` left out. */
  readonly notRun: number
  /** Tests that were collected and have no result. */
  readonly unfinished: number
  /** Tests marked with `fails` that failed, as they should; they count as passed too. */
  readonly failedAsExpected: number
  /** Tests that passed only after a retry; they count as passed too. */
  readonly flaky: number
}

/** Where in a file's life something happened. */
export type Phase =
  | 'import'
  | 'beforeAll'
  | 'beforeEach'
  | 'test'
  | 'afterEach'
  | 'afterAll'
  | 'hook'
  | 'close'
  | 'unknown'

/** What a failure that belongs to no file has in place of one. */
export const THE_RUN = '(the run)'

/** The name of the error of a run that was refused before anything ran: its configuration cannot be used. */
export const REFUSED_RUN = 'RefusedRun'

/** One thing that turned the run red: a test, a hook of a suite, or a file as a whole. */
export interface Failure {
  /** `(the run)` for what belongs to no file: a coverage threshold, the teardown of a `globalSetup`, a lost record. */
  readonly file: string
  readonly project?: string
  /** Full name of the test or suite; `null` when the file as a whole failed. */
  readonly test: string | null
  readonly status: 'failed' | 'timeout' | 'crashed' | 'lost'
  readonly phase: Phase
  readonly durationMs: number
  /** Retries that were spent before giving up. */
  readonly retries: number
  readonly error: ErrorInfo
  /** Further errors of the same test: soft assertions, members of an aggregate, failing hooks after it. */
  readonly moreErrors: readonly ErrorInfo[]
  /** What is wrong with a scenario, one by one: the parts of the error whose name is `ScenarioFailure`. */
  readonly checks?: readonly ScenarioProblem[]
  /** The runs that a failed scenario left in the audit trail, for `shakedown explain`; absent where it left none. */
  readonly runIds?: readonly string[]
}

/** One per test, hook of a suite, file or run, however often it was tried. */
export interface Timeout {
  readonly file: string
  readonly project?: string
  readonly test?: string
  readonly kind: 'test' | 'hook' | 'file' | 'run'
  readonly phase: Phase
  readonly limitMs: number
  readonly elapsedMs: number
  /** How often a test was tried, of one that was tried again. */
  readonly attempts?: number
  readonly location?: SourceLocation
  readonly stack?: string
  /** What was still open, e.g. `Timeout`, `TCPSocketWrap`. */
  readonly resources?: readonly string[]
}

/** How sure we are that an async error belongs to the test it names. */
export type Confidence = 'certain' | 'likely' | 'file'

export interface AsyncError {
  /** `null` when not even the file is known. */
  readonly file: string | null
  readonly project?: string
  /** The test that caused it. */
  readonly test?: string
  readonly confidence: Confidence
  readonly kind: 'unhandledRejection' | 'uncaughtException' | 'late' | 'swallowed' | 'pending'
  readonly error: ErrorInfo
  /** The test that happened to run when it surfaced; often not the one that caused it. */
  readonly during?: string
}

export interface WarningSummary {
  readonly total: number
  /** Most first. */
  readonly byFile: readonly { readonly file: string; readonly project?: string; readonly count: number }[]
  /** Most frequent first, at most 20. */
  readonly top: readonly WarningFingerprint[]
  /** Warnings that are in `total` and `byFile` but in no fingerprint, because a file had too many different ones. */
  readonly overflow: number
}

export interface WarningFingerprint {
  /** The message with numbers, paths, ids and quoted strings folded away. */
  readonly fingerprint: string
  readonly count: number
  /** The first message of its kind, in full. */
  readonly sample: string
  readonly location: SourceLocation | null
  /** Files it came from, at most 20. */
  readonly files: readonly string[]
}

export interface SkippedTest {
  readonly file: string
  readonly project?: string
  readonly test: string
  readonly kind: 'skipped' | 'todo' | 'deselected'
  /** The note given to `ctx.skip(note)`, or what left it out; `null` when no reason was recorded. */
  readonly reason: string | null
}

export interface SlowTest {
  readonly file: string
  readonly project?: string
  readonly test: string
  readonly durationMs: number
}

/** A test that failed and then passed on the same commit. */
export interface FlakyTest {
  readonly file: string
  readonly project?: string
  readonly test: string
  readonly retries: number
  /** What it failed with the first time. */
  readonly error: ErrorInfo | null
}

/** One gated benchmark, base against candidate. */
export interface BenchResult {
  readonly name: string
  readonly verdict: 'ok' | 'improved' | 'regressed' | 'inconclusive' | 'new'
  /** Relative change of the candidate, e.g. `0.05` for 5 % slower. */
  readonly change: number
  readonly processes: number
  readonly seconds: number
}

/** One budget: what was allowed, what there was. */
export interface Gate {
  readonly name: string
  readonly limit: number
  readonly actual: number
  readonly ok: boolean
}
