import type { ErrorInfo, SourceLocation } from './error-info.ts'

/** The name of the error of a scenario that could not be read: its file failed, and no test of it ran. */
export const UNUSABLE_SCENARIO = 'UnusableScenario'

/** The name of the error of a scenario that ran and is not good. */
export const SCENARIO_FAILURE = 'ScenarioFailure'

/** What the files of scenarios are called. */
export const SCENARIO_FILE: RegExp = /\.scenario\.(?:ya?ml|ts)$/

/** The code of a spy on the executor, or a mock of it: what such a test proves is nothing. */
export const EXECUTOR_MOCKED = 'E_EXECUTOR_MOCKED'

export type ScenarioStatus = 'passed' | 'failed' | 'vacuous'

/** Something about a scenario that fails nobody but deserves a look. */
export interface ScenarioRemark {
  /** Stable code, e.g. `E_ANY_ERROR`. */
  readonly code: string
  /** What was seen, and what to do about it. */
  readonly message: string
  /** The key of the scenario that it is about. */
  readonly location: SourceLocation | null
}

/** One thing that is wrong with a scenario: an expectation it did not meet, or an oracle that it violates. */
export interface ScenarioProblem {
  /**
   * Stable code: `E_EXPECT`, `E_VACUOUS`, `E_ORACLE`, `E_STALL`, `E_LIVELOCK`, `E_RUNAWAY`, `E_SYNC_PORT`,
   * `E_EXECUTOR_MOCKED`.
   */
  readonly code: string
  /** The oracle that is violated; `null` where none is. */
  readonly oracle: string | null
  readonly message: string
  /** The key of the scenario that it is about. */
  readonly location: SourceLocation | null
  /** The parts of the message where it compares two values; absent where it does not. */
  readonly comparison?: ScenarioComparison
}

/** What a scenario expects, and what there was in its place. */
export interface ScenarioComparison {
  /** What was compared, such as `status` or `calls.http:POST /orders`. */
  readonly what: string
  /** The value as text, cut where it is very long. */
  readonly expected: string
  readonly received: string
  /** What the message says besides; may be empty. */
  readonly detail: string
}

/** One scenario's outcome, as its worker measured it. */
export interface ScenarioItem {
  /** The scenario file. */
  readonly file: string
  readonly name: string
  /**
   * `vacuous` fails the run too, but says that the scenario proved nothing rather than that the subject is wrong; a
   * scenario with any other problem beside that is `failed`.
   */
  readonly status: ScenarioStatus
  /** Time that passed on the simulated clock. */
  readonly virtualMs: number
  /** Time that passed for the person waiting. */
  readonly wallMs: number
  readonly attempts: number
  readonly faultsFired: number
  /** Runs in the audit trail, for `shakedown explain`. */
  readonly runIds: readonly string[]
  /** SHA-256 of the trace without wall time; equal for equal seeds. */
  readonly digest: string
  /** None for a scenario that passed. */
  readonly problems: readonly ScenarioProblem[]
  /** What the subject itself failed with, in a scenario that did not pass; `null` when it did not fail. */
  readonly subjectError: ErrorInfo | null
  readonly remarks: readonly ScenarioRemark[]
}

/** All scenarios of a run. `total` = passed + failed + vacuous. */
export interface ScenarioSummary {
  readonly total: number
  readonly passed: number
  readonly failed: number
  readonly vacuous: number
  readonly virtualMs: number
  readonly wallMs: number
  readonly faultsFired: number
  readonly items: readonly ScenarioItem[]
}
