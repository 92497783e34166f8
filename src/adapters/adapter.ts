import type { Clock } from '../world/world.ts'

/**
 * A system that carries out tasks: the boundary that `route` calls through. Give it a name, say what it can do, and do one
 * task; retries, timeouts, circuit breaker, statistics and the way to the next adapter are the engine's.
 *
 * `T` is what it takes, `R` what it gives.
 *
 * @example
 * const echo: Adapter<string, string> = {
 *   name: 'echo',
 *   capabilities: ['text'],
 *   execute: (text, { idempotencyKey }) => `${text} (${idempotencyKey})`,
 * }
 */
export interface Adapter<T = unknown, R = unknown> {
  /** Letters, digits, `.`, `_` and `-`; `Prefect` and ` prefect ` are the same name. */
  readonly name: string
  /** What it can do; a task that requires something else is not given to it. Default: nothing in particular. */
  readonly capabilities?: readonly string[] | undefined
  /**
   * Carries out one task. What it throws, or rejects with, is a failed attempt; so is a *soft failure*: a result with
   * `success: false`, a `status` such as `failed`, `error`, `crashed` or `timed_out`, or a `failureCount` above 0.
   */
  readonly execute: (task: T, call: AdapterCall) => R | PromiseLike<R>
  /** True, or nothing, when it is well. What it throws is why it is not. Asked only where a registry checks health. */
  health?(call: HealthCall): boolean | void | PromiseLike<boolean | void>
  /** Called once, before its first task or health check; when it fails, so does the attempt that asked, and the next one asks again. */
  initialize?(): void | PromiseLike<void>
  /** Called by the registry's `close`, once. */
  close?(): void | PromiseLike<void>
}

/**
 * What an adapter is told about one attempt beside the task.
 *
 * @example
 * const post = (url: string, task: unknown, { signal, idempotencyKey }: AdapterCall): Promise<Response> =>
 *   fetch(url, { method: 'POST', body: JSON.stringify(task), headers: { 'idempotency-key': idempotencyKey }, signal })
 */
export interface AdapterCall {
  /** Aborts when the attempt's result is no longer wanted: its timeout fired or the run was aborted. */
  readonly signal: AbortSignal
  readonly clock: Clock
  /** 32 letters and digits; the same for all attempts at this task by this route, whichever process makes them. */
  readonly idempotencyKey: string
  /** This attempt's number at this adapter, from 1. */
  readonly attempt: number
  /**
   * Adds to what this attempt cost.
   * @throws UsageError for a negative, NaN or infinite number
   */
  readonly meter: (usage: {
    readonly costUsd?: number | undefined
    readonly tokens?: number | undefined
  }) => void
}

/**
 * What an adapter is told when it is asked for its health.
 *
 * @example
 * const health = async ({ signal }: HealthCall): Promise<boolean> => (await fetch('http://localhost:4200/health', { signal })).ok
 */
export interface HealthCall {
  /** Aborts when the check's time is up. */
  readonly signal: AbortSignal
  readonly clock: Clock
}

/**
 * An adapter of any types. `never` in, `unknown` out accepts every adapter.
 *
 * @example
 * const names = (adapters: readonly AnyAdapter[]): string[] => adapters.map(({ name }) => name)
 */
export type AnyAdapter = Adapter<never>
