import type { StoredJson } from '../faults/grammar/json.ts'
import type { Limits } from '../world/limits.ts'
import type { Expectation } from './expectation.ts'

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
  /**
   * Whose timers run in virtual time: the global ones too (`global`; the default of functions), or only those of
   * `ports.clock` and of the engine (`ports`; the default of pipelines).
   */
  readonly timers?: 'ports' | 'global' | undefined
  /** When the caller leaves: then `ports.signal`, or the signal of a pipeline's run, aborts. Default never. */
  readonly abort?: AbortMoment | undefined
  /** Several callers of a function: so many at once, or a list. The output is then the list of what each of them got. */
  readonly callers?: number | readonly CallerSpec[] | undefined
  /** Groups of callers of a function, one after the other; what it keeps is kept between them. */
  readonly phases?: readonly PhaseSpec[] | undefined
  /** When the process dies: the function is imported afresh, and called again with what `ports.store` has kept. */
  readonly crash?: AbortMoment | undefined
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
 * One of several callers.
 *
 * @example
 * const callers: readonly CallerSpec[] = [{ input: 1 }, { input: 2, atMs: 100 }, { input: 3, abort: 50 }]
 */
export interface CallerSpec<I = StoredJson> {
  /** Default: that of its phase, or of the scenario. */
  readonly input?: I | undefined
  /** When it calls, in virtual milliseconds from the beginning of its phase. Default 0. */
  readonly atMs?: number | undefined
  /** When it leaves; what is in milliseconds counts from its call. Default never. */
  readonly abort?: AbortMoment | undefined
}

/**
 * Callers that come together; the next phase begins when all of them have been answered.
 *
 * @example
 * const phases: readonly PhaseSpec[] = [{ callers: 5 }, { waitMs: 30_000, input: 'again' }]
 */
export interface PhaseSpec<I = StoredJson> {
  /** Virtual milliseconds that pass before it begins. Default 0. */
  readonly waitMs?: number | undefined
  /** Default: that of the scenario. */
  readonly input?: I | undefined
  /** So many at once, or a list. Default 1. */
  readonly callers?: number | readonly CallerSpec<I>[] | undefined
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
