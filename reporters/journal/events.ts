import type { ErrorInfo, SourceLocation } from '../report/error-info.ts'
import type { AsyncError, CiInfo, Confidence, Phase, Shard } from '../report/model.ts'
import type { ScenarioItem } from '../report/scenarios.ts'

/** The journal format this release writes. A reader refuses a newer one. */
export const JOURNAL_VERSION = 1

/** What happened, in the order it happened, one JSON line each. The report is a pure function of these. */
export type JournalEvent =
  | RunStarted
  | FileQueued
  | FileStarted
  | FileCollected
  | TestStarted
  | TestFinished
  | SuiteFailed
  | WarningsCounted
  | UnhandledError
  | WorkerCrashed
  | Hang
  | FileFinished
  | RunEnded

interface Stamp {
  /** Milliseconds since the epoch, of the process that writes the journal. */
  readonly atMs: number
}

/** Which file an event is about; the same path can run in two projects of a workspace. */
export interface InFile {
  /** Relative to the project root, `/`-separated. */
  readonly file: string
  readonly project?: string
}

/** Opens a journal. A second one in the same stream opens the next shard: that is how journals are concatenated. */
export interface RunStarted extends Stamp {
  readonly type: 'run-started'
  readonly journalVersion: typeof JOURNAL_VERSION
  readonly runId: string
  readonly vitest: string
  readonly node: string
  readonly commit: string | null
  readonly branch: string | null
  readonly ci: CiInfo | null
  readonly shard: Shard | null
  /** The project root, relative to the working directory of the run. */
  readonly root: string
}

/** A file is to run. All of them are written before the first starts, so that a killed run knows what it owed. */
export interface FileQueued extends Stamp, InFile {
  readonly type: 'file-queued'
}

/** A worker took the file and begins to import it. */
export interface FileStarted extends Stamp, InFile {
  readonly type: 'file-started'
}

/** The import is done. */
export interface FileCollected extends Stamp, InFile {
  readonly type: 'file-collected'
  readonly tests: number
}

export interface TestStarted extends Stamp, InFile {
  readonly type: 'test-started'
  /** Unique within the file; names may repeat. */
  readonly id: string
  /** Full name, suites joined by ` > `. */
  readonly test: string
}

export interface TestFinished extends Stamp, InFile {
  readonly type: 'test-finished'
  readonly id: string
  readonly test: string
  readonly status: 'passed' | 'failed' | 'skipped' | 'todo' | 'deselected'
  readonly durationMs: number
  readonly retries: number
  /** Also for a passed test: what its earlier attempts failed with. */
  readonly errors: readonly ErrorInfo[]
  /** What it was doing when it failed. */
  readonly phase: Phase
  readonly reason: string | null
  readonly scenario?: ScenarioItem
}

/** A `beforeAll`, `afterAll` or the body of a suite failed; its tests may look skipped or passed. */
export interface SuiteFailed extends Stamp, InFile {
  readonly type: 'suite-failed'
  readonly suite: string
  readonly phase: Phase
  readonly errors: readonly ErrorInfo[]
}

/** Warnings since the last such event of the same file. */
export interface WarningsCounted extends Stamp {
  readonly type: 'warnings'
  /** `null` when nobody knows which file wrote it. */
  readonly file: string | null
  readonly count: number
  readonly fingerprints: readonly {
    readonly fingerprint: string
    readonly count: number
    readonly sample: string
    readonly location: SourceLocation | null
  }[]
  readonly overflow: number
}

export interface UnhandledError extends Stamp {
  readonly type: 'unhandled-error'
  readonly kind: AsyncError['kind']
  readonly confidence: Confidence
  readonly file: string | null
  readonly test?: string
  readonly during?: string
  readonly error: ErrorInfo
}

/** A worker process or thread died. */
export interface WorkerCrashed extends Stamp {
  readonly type: 'worker-crashed'
  readonly file: string | null
  readonly error: ErrorInfo
}

/** Something outlived its limit and was given up on: a file, or the run that would not close. */
export interface Hang extends Stamp {
  readonly type: 'hang'
  readonly kind: 'file' | 'run'
  /** `null` for the run as a whole. */
  readonly file: string | null
  readonly test?: string
  readonly phase: Phase
  readonly limitMs: number
  readonly elapsedMs: number
  readonly location?: SourceLocation
  readonly stack?: string
  readonly resources?: readonly string[]
}

export interface FileFinished extends Stamp, InFile {
  readonly type: 'file-finished'
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly durationMs: number
  readonly phase: Phase
  /** Errors of the file itself: its import, its top-level hooks. */
  readonly errors: readonly ErrorInfo[]
}

export interface RunEnded extends Stamp {
  readonly type: 'run-ended'
  readonly status: 'passed' | 'failed' | 'interrupted'
}
