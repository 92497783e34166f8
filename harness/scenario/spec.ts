import type { StoredJson } from '../faults/grammar/json.ts'
import type { AttemptRecord, EventKind, Outcome, Status } from '../../src/index.ts'
import type { Limits } from '../world/limits.ts'

/**
 * A scenario as data: subject + input + faults + expectations. A `*.scenario.yaml` file and the builder
 * `scenario(…)` produce this same value; the subject itself is resolved beside it.
 *
 * @example
 * const { expect, input }: ScenarioSpec = scenario('orders are sent').subject(sendOrder).input({ id: 7 }).spec
 */
export interface ScenarioSpec {
  readonly name: string
  /** `./file.ts#export` in a file; `undefined` where the builder holds the subject itself. */
  readonly subject?: string | undefined
  readonly input?: StoredJson | undefined
  /** Boundary point pattern → fault program text, in declared order. */
  readonly faults: Readonly<Record<string, string>>
  readonly expect: Expectation
  /** Seed of the simulated world; default 1. */
  readonly seed: number
  /** How `http:` faults reach the subject; default `ports`. */
  readonly http: 'ports' | 'nock'
  /** Whose timers run in virtual time: the subject uses our clock (`ports`, default) or real global timers, faked under the same loop (`global`). */
  readonly timers: 'ports' | 'global'
  /** When the caller leaves: then `ports.signal`, or the signal of a pipeline's run, aborts. Default never. */
  readonly abort?: AbortMoment | undefined
  /** The function goes on calling out after it has answered, as a cache that refreshes itself does. Default false. */
  readonly background?: boolean | undefined
  /**
   * Whether a second execution with the same seed must leave the same trace. Default true for pipelines; for functions,
   * which may keep a cache or draw real randomness, a difference is a remark unless this is true.
   */
  readonly repeatable?: boolean | undefined
  /** Where the scenario is given up; what is left out has the default of `LIMITS`. */
  readonly limits?: ScenarioLimits | undefined
}

/**
 * Where a scenario is given up, each on its own; the defaults are those of `LIMITS`.
 *
 * @example
 * const limits: ScenarioLimits = { calls: 500, virtualMs: 60_000 }
 */
export type ScenarioLimits = { readonly [limit in keyof Limits]?: number | undefined }

/**
 * When the caller leaves: after so many virtual milliseconds; while a call is being made (`#nth`, or its first); or while
 * the subject waits between a failed call and the next.
 *
 * @example
 * const moments: readonly AbortMoment[] = [50, { at: 'fn:save#2' }, { during: 'backoff' }]
 */
export type AbortMoment = number | { readonly at: string } | { readonly during: 'backoff' }

/**
 * Text must equal, contain all of, or match.
 *
 * @example
 * const matchers: readonly TextMatcher[] = ['no stock', { contains: ['no', 'stock'] }, { matches: '^no' }]
 */
export type TextMatcher =
  | string
  | { readonly contains: string | readonly string[] }
  | { readonly matches: string }

/**
 * A number exactly, or a range with both ends included.
 *
 * @example
 * const matchers: readonly NumberMatcher[] = [3, { min: 1 }, { min: 1, max: 3 }]
 */
export type NumberMatcher = number | { readonly min?: number | undefined; readonly max?: number | undefined }

/** How many rows of each kind; a kind left out is not counted. */
type RowCounts<Kind extends string> = { readonly [K in Kind]?: number | undefined }

/**
 * What must hold afterwards; a key left out is not checked.
 *
 * @example
 * const expectation: Expectation = { status: 'failed', feedback: { contains: 'no stock' }, attempts: { max: 3 } }
 */
export interface Expectation {
  /** Pipelines: the run's status. Functions: `completed` when it resolved, `failed` when it threw. */
  readonly status?: Status | undefined
  /** Deep equality on JSON data. */
  readonly output?: StoredJson | undefined
  readonly error?:
    | {
        readonly name?: TextMatcher | undefined
        readonly message?: TextMatcher | undefined
        readonly code?: TextMatcher | undefined
      }
    | undefined
  /** Text for people, or `null` for none. */
  readonly feedback?: TextMatcher | null | undefined
  /** Step name → attempts that ran. */
  readonly attempts?: Readonly<Record<string, NumberMatcher>> | undefined
  /** Boundary point → calls that reached it. */
  readonly calls?: Readonly<Record<string, NumberMatcher>> | undefined
  /** Boundary points in the order they were called, all of them. */
  readonly order?: readonly string[] | undefined
  readonly usage?:
    | { readonly costUsd?: NumberMatcher | undefined; readonly tokens?: NumberMatcher | undefined }
    | undefined
  /** Virtual milliseconds from start to the subject's settlement. */
  readonly virtualMs?: NumberMatcher | undefined
  /** Keys the run's final context must hold, deeply equal; other keys are free. */
  readonly context?: Readonly<Record<string, StoredJson>> | undefined
  /** Keys the result's metadata must hold, deeply equal; other keys are free. */
  readonly metadata?: Readonly<Record<string, StoredJson>> | undefined
  /**
   * What the results of the parts must hold: `primary` and `fallback`, or a pipeline's nodes by name. Other keys are free
   * at every depth.
   */
  readonly children?: Readonly<Record<string, StoredJson>> | undefined
  readonly audit?:
    | {
        readonly outcomes?: RowCounts<Outcome> | undefined
        readonly events?: RowCounts<EventKind> | undefined
        readonly attempts?: RowCounts<AttemptRecord['status']> | undefined
      }
    | undefined
}
