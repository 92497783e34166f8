import type { AttemptRecord, EventKind, Outcome, Status } from '../../src/index.ts'
import type { StoredJson } from '../faults/grammar/json.ts'

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
