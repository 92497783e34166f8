import type { RunTrail, SerializedError, Status } from '../../src/index.ts'

/**
 * One thing that is wrong: an expectation that was not met or an oracle that was violated.
 *
 * @example
 * const lines = (problems: readonly Problem[]): string[] => problems.map(({ message }) => `- ${message}`)
 */
export interface Problem {
  /** Stable code, e.g. `E_EXPECT`, `E_VACUOUS`, `E_STALL`, `E_LIVELOCK`, `E_RUNAWAY`, `E_SYNC_PORT`, `E_EXECUTOR_MOCKED`, `E_ORACLE`. */
  readonly code: string
  /** The oracle's name for oracle violations. */
  readonly oracle?: string | undefined
  /** One or more sentences: what was expected, what was got, what to do. */
  readonly message: string
  /** Where in the scenario this belongs, as a key path: `['expect', 'attempts', 'draft']`, `['faults', 'step:draft']`. */
  readonly at: readonly string[]
  readonly expected?: unknown
  readonly actual?: unknown
}

/**
 * Something that fails nobody but deserves a look: it is shown in every report, also of a scenario that passed.
 *
 * @example
 * const lines = ({ remarks }: Verdict): string[] => remarks.map(({ code, message }) => `${code}: ${message}`)
 */
export interface Remark extends Pick<Problem, 'code' | 'message'> {
  /** Where in the scenario this belongs, as in a problem; the scenario itself where no key is to blame. */
  readonly at?: readonly string[]
}

/**
 * One call that reached a boundary point, in order.
 *
 * @example
 * const points = (trace: readonly TraceCall[]): string[] => trace.map(({ point }) => point)
 */
export interface TraceCall {
  readonly point: string
  /** Number of this call among those of its point, from 1. */
  readonly nth: number
  readonly atMs: number
  /** The fault step that acted, printed; `null` when the real thing ran. */
  readonly fault: string | null
  /** How it ended; `open` while it has not. */
  settled: 'returned' | 'threw' | 'open'
  settledAtMs: number | null
  readonly input: unknown
}

/**
 * The judgement on one scenario run.
 *
 * @example
 * const verdict: Verdict = await runScenario(flaky)
 * console.log(verdict.ok ? 'passed' : verdict.problems[0]?.message)
 */
export interface Verdict {
  readonly scenario: string
  /** No problems. */
  readonly ok: boolean
  readonly problems: readonly Problem[]
  /** What deserves a look though it fails nobody. */
  readonly remarks: readonly Remark[]
  readonly status: Status | 'stalled'
  readonly output: unknown
  /** What the subject itself failed with: its name, message, stack and chain of causes. */
  readonly error: SerializedError | null
  readonly feedback: string | null
  readonly virtualMs: number
  readonly wallMs: number
  /** Attempts of step functions (engine subjects), or calls that reached a boundary point (foreign ones). */
  readonly attempts: number
  readonly faultsFired: number
  readonly calls: readonly TraceCall[]
  /** The marks that were reached (`ports.mark`, `ctx.mark`), and how often. */
  readonly marks: ReadonlyMap<string, number>
  /** SHA-256 of the trace without wall time; equal for equal seeds. */
  readonly digest: string
  /** Engine runs the scenario made, as the audit trail has them. */
  readonly trails: readonly RunTrail[]
}
