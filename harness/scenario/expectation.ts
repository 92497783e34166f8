import type { AttemptRecord, EventKind, Outcome, Status } from '../../src/index.ts'
import type { StoredJson } from '../faults/grammar/json.ts'
import type { NumberMatcher, TextMatcher } from '../match/matchers.ts'

/**
 * What must hold of the calls to one boundary point; a key left out is not checked. Of a point that is never
 * called only `count` can hold: every other key fails.
 *
 * @example
 * const pool: CallsExpectation = { count: 5, inFlight: { max: 2 }, gapsMs: { min: 100 } }
 * const key: CallsExpectation = { headers: { 'idempotency-key': 'same' } }
 */
export interface CallsExpectation {
  /** How many there are. */
  readonly count?: NumberMatcher | undefined
  /**
   * What each of them got, in the order they were made, deeply equal. At `fn:` points a list of arguments, or the argument
   * itself where there is one and it is no list; a trailing `signal` is left out. At `step:` points the step's input; at
   * `http:` points the URL, or a mapping that holds part of the request. `same` or `distinct`: among all calls.
   */
  readonly inputs?: 'same' | 'distinct' | readonly StoredJson[] | undefined
  /**
   * Header of a request → what it must be in each call; `null` for not sent. `same` or `distinct`: among all calls, as of
   * an idempotency key; a header that really reads `same` is `{ matches: '^same$' }`.
   */
  readonly headers?: Readonly<Record<string, TextMatcher | null>> | undefined
  /** How many there are for each request: the calls divided by the callers of the scenario, of whom there is one at least. */
  readonly perRequest?: NumberMatcher | undefined
  /** How many were under way when most of them were. */
  readonly inFlight?: NumberMatcher | undefined
  /** Most that may begin within any `ms` virtual milliseconds; what begins at their end is not within. */
  readonly window?: { readonly ms: number; readonly max: number } | undefined
  /** Virtual milliseconds from the beginning of one to that of the next: of all gaps, or a list of them. */
  readonly gapsMs?: NumberMatcher | readonly NumberMatcher[] | undefined
  /** How many had a signal that aborted before they had settled. */
  readonly aborted?: NumberMatcher | undefined
}

/**
 * What must hold of an error; at least one key.
 *
 * @example
 * const reset: ErrorExpectation = { code: 'ECONNRESET' }
 */
export interface ErrorExpectation {
  readonly name?: TextMatcher | undefined
  readonly message?: TextMatcher | undefined
  readonly code?: TextMatcher | undefined
}

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
  /**
   * What the output must hold: keys that are not written are free at every depth. Beside a text, `{ contains }` and
   * `{ matches }` are matchers of it; beside a number, `{ min, max }` is a range.
   */
  readonly outputMatches?: StoredJson | undefined
  /** The error it failed with. Of `causes` each must be met by an error below it: a cause, or one that it collects. */
  readonly error?:
    | (ErrorExpectation & { readonly causes?: readonly ErrorExpectation[] | undefined })
    | undefined
  /** Text for people, or `null` for none. */
  readonly feedback?: TextMatcher | null | undefined
  /** Step name → attempts that ran. */
  readonly attempts?: Readonly<Record<string, NumberMatcher>> | undefined
  /** Boundary point → calls that reached it: how many, or more about them. */
  readonly calls?: Readonly<Record<string, NumberMatcher | CallsExpectation>> | undefined
  /** Mark → how often it was reached: `ports.mark('probe')`, in a step `ctx.mark('probe')`. */
  readonly marks?: Readonly<Record<string, NumberMatcher>> | undefined
  /** Marks that must be reached somewhere among the rows of a table, or the scenarios of one exported list. */
  readonly sometimes?: readonly string[] | undefined
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
