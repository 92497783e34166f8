export type ScenarioStatus = 'passed' | 'failed' | 'vacuous'

/** One scenario's outcome, as its worker measured it. */
export interface ScenarioItem {
  /** The scenario file. */
  readonly file: string
  readonly name: string
  /** `vacuous` fails the run too, but says that the scenario proved nothing rather than that the subject is wrong. */
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
