import type { StandardSchemaV1 } from '@standard-schema/spec'
import * as z from '../base/zod.ts'
import { parseOptions } from '../base/options.ts'
import { TIMER_MS_MAX } from '../world/timer-delay.ts'
import { type Backoff, DEFAULT_BACKOFF } from './backoff.ts'
import { isEstimate, type QuotaEstimate } from './quota.ts'
import type { OnChunk } from './stream-policy.ts'
import type { Validate } from './validate.ts'

/**
 * How a step is tried. `O` is its output; `In` is what a schema given as `validate` takes, inferred from it; `I` is its
 * input.
 *
 * @example
 * const options: StepOptions<string> = { retries: 2, backoff: { baseMs: 50 }, validate: (text) => text !== '' }
 */
export interface StepOptions<O, In = unknown, I = never> {
  /** At most this many further attempts after a failed one. 0 to 100; default 0. */
  readonly retries?: number | undefined
  /**
   * Waits between attempts; only with `retries`. Defaults: base 100 ms, factor 2, at most 60 s, no jitter.
   *
   * **Gotcha:** an error that carries `retryAfterMs`, or an HTTP `Retry-After` in its headers, lengthens the next wait,
   * also beyond `maxDelayMs`: a server that asks for a day makes the run wait for a day. Abort the run to end a wait.
   */
  readonly backoff?: { readonly [K in keyof Backoff]?: Backoff[K] | undefined } | undefined
  /**
   * Milliseconds one attempt may take, validation included; the clock starts when the function is called. The
   * attempt's signal aborts and the attempt fails with a `TimeoutError` even if the function ignores it.
   * Default: no limit.
   */
  readonly timeoutMs?: number | undefined
  /** Judges each output; a rejected output is a failed attempt. The output itself is passed on unchanged. */
  readonly validate?: Validate<O> | StandardSchemaV1<In, unknown> | undefined
  /**
   * Decides, at once, whether a thrown error deserves another attempt: a promise fails the step. Default: all but errors with `retryable: false`. When it
   * throws itself, there is no further attempt and the step fails with the error that was thrown to it; a
   * `ConfigurationError`, or another control signal, that it throws ends the run.
   */
  readonly retryIf?: ((thrown: unknown) => boolean) | undefined
  /**
   * What one attempt is expected to cost, or a function of the input that says so. Where the run has a quota, each
   * attempt is made only if so much is left, which nobody else can have meanwhile; what it really metered counts once
   * it is over. A function that throws, or says something impossible or later, fails the step. Default: nothing.
   */
  readonly estimate?: QuotaEstimate | EstimateOf<I>['estimate'] | undefined
}

interface EstimateOf<I> {
  // A method, so that options which were written for any input fit a step of one.
  estimate(input: I): QuotaEstimate
}

/**
 * Nothing more for a schema that could accept an output `O`; otherwise `validate` has to take one, and the compiler
 * says which type it takes instead. A schema may ask for less than the output is, for more, or for some of its parts.
 */
export type Judges<O, In> =
  Overlaps<O, In> extends false ? { readonly validate?: Validate<O> | StandardSchemaV1<O, unknown> } : unknown

/** False for types no value is of both; for objects, when some part of theirs is. */
type Overlaps<A, B> = [A] extends [B]
  ? true
  : [B] extends [A]
    ? true
    : [A & B] extends [never]
      ? false
      : A extends Primitive
        ? B extends object
          ? // `string & { a: number }` is a type, of marked texts; no value is a text and such an object.
            false
          : true
        : B extends Primitive
          ? false
          : A extends readonly (infer X)[]
            ? B extends readonly (infer Y)[]
              ? Overlaps<X, Y>
              : false
            : B extends readonly unknown[]
              ? false
              : false extends { [K in keyof A & keyof B]: Overlaps<A[K], B[K]> }[keyof A & keyof B]
                ? false
                : true

type Primitive = string | number | bigint | boolean | symbol | null | undefined

/** A step's policy with every default filled in. */
export interface StepPolicy {
  readonly retries: number
  readonly backoff: Backoff
  readonly timeoutMs: number | undefined
  readonly validate: Validate<never> | StandardSchemaV1<unknown, unknown> | undefined
  readonly retryIf: ((thrown: unknown) => boolean) | undefined
  readonly estimate: QuotaEstimate | ((input: never) => QuotaEstimate) | undefined
  readonly onChunk: OnChunk | undefined
  readonly collect: ((chunks: unknown[]) => unknown) | undefined
}

const RETRIES_MAX = 100

const milliseconds = z.number().min(0).max(TIMER_MS_MAX)
const callable = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
)

/** How long to wait between attempts, as options say it. */
export const backoffSchema = z.strictObject({
  baseMs: milliseconds.optional(),
  factor: z.number().min(1).max(100).optional(),
  maxDelayMs: milliseconds.optional(),
  jitter: z.enum(['none', 'full', 'equal']).optional(),
})

/** How long something may take, in milliseconds. */
export const timeoutSchema: z.ZodNumber = z.number().positive().max(TIMER_MS_MAX)

/** What an attempt is expected to cost, as options say it. */
export const estimateOption: z.ZodType<StepPolicy['estimate']> = z.custom<StepPolicy['estimate']>(
  (value) => typeof value === 'function' || isEstimate(value),
  'expected { costUsd, tokens } of at least 0, or a function of the input that gives them',
)

const optionsSchema = z.strictObject({
  retries: z.int().min(0).max(RETRIES_MAX).optional(),
  backoff: backoffSchema.optional(),
  timeoutMs: timeoutSchema.optional(),
  validate: z
    .custom<Validate<never>>(
      (value) =>
        typeof value === 'function' || (typeof value === 'object' && value !== null && '~standard' in value),
      'expected a function (output, ctx) => true | feedback, or a Standard Schema',
    )
    .optional(),
  retryIf: callable.optional(),
  estimate: estimateOption.optional(),
  onChunk: callable.optional(),
  collect: callable.optional(),
})

export const DEFAULT_POLICY: StepPolicy = Object.freeze({
  retries: 0,
  backoff: DEFAULT_BACKOFF,
  timeoutMs: undefined,
  validate: undefined,
  retryIf: undefined,
  estimate: undefined,
  onChunk: undefined,
  collect: undefined,
})

/** @throws ConfigurationError on an unknown option or an impossible value */
export function policyOf(name: string, options: unknown): StepPolicy {
  const parsed = parseOptions(optionsSchema, options, `step '${name}'`)
  return Object.freeze({
    retries: parsed.retries ?? 0,
    backoff: backoffOf(parsed.backoff),
    timeoutMs: parsed.timeoutMs,
    validate: parsed.validate,
    retryIf: parsed.retryIf as ((thrown: unknown) => boolean) | undefined,
    estimate: parsed.estimate,
    onChunk: parsed.onChunk as OnChunk | undefined,
    collect: parsed.collect as StepPolicy['collect'],
  })
}

/** A back-off with every default filled in. */
export function backoffOf(given: StepOptions<never>['backoff']): Backoff {
  return given === undefined ? DEFAULT_BACKOFF : Object.freeze({ ...DEFAULT_BACKOFF, ...defined(given) })
}

/** Drops keys that were given as `undefined`, so that they do not hide a default. */
function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defined<T>
  >
}
