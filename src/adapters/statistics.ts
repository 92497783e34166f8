/*
 * What a registry knows of how its adapters have done: a window of the latest tasks of each, so that an adapter that was
 * bad last week is not bad for ever, and memory stays as it is.
 */

import type { AdapterUse } from '../audit/adapter-uses.ts'

/** Tasks that the figures of an adapter are of: a change of its success rate by one in a hundred is seen well. */
export const WINDOW_TASKS = 1_000

/**
 * How an adapter has done with its latest tasks, at most 1 000.
 *
 * @example
 * const line = ({ adapter, successRate, totalAttempts }: AdapterStatistics): string =>
 *   `${adapter}: ${((successRate ?? 0) * 100).toFixed(1)} % of ${totalAttempts} tasks`
 */
export interface AdapterStatistics {
  readonly adapter: string
  /** Tasks it has done; one that took three attempts counts once. */
  readonly successes: number
  /** Tasks it has failed at with its last attempt. */
  readonly failures: number
  /** Tasks it was given: successes and failures. */
  readonly totalAttempts: number
  /** From 0 to 1; `null` when it was given none. */
  readonly successRate: number | null
  /** Tasks it was given because an adapter before it had failed. */
  readonly fallbacks: number
  /** The same counted by attempt. */
  readonly attempts: { readonly total: number; readonly failures: number }
  /** How long attempts took that succeeded, in milliseconds; `null` when none did. */
  readonly latencyMs: LatencyQuantiles | null
}

/** @example const slow = ({ p99 }: LatencyQuantiles): boolean => p99 > 5_000 */
export interface LatencyQuantiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** The latest tasks of one adapter, counted as they come and go. */
export class UseWindow {
  readonly #uses: AdapterUse[] = []
  /** Where the next one goes once the window is full. */
  #oldest = 0
  /** Latencies in order, so that a quantile is one look. */
  readonly #latencies: number[] = []
  #successes = 0
  #fallbacks = 0
  #attempts = 0

  add(use: AdapterUse): void {
    const gone = this.#uses.length < WINDOW_TASKS ? undefined : this.#uses[this.#oldest]
    if (gone !== undefined) this.#count(gone, -1)
    if (gone === undefined) this.#uses.push(use)
    else {
      this.#uses[this.#oldest] = use
      this.#oldest = (this.#oldest + 1) % WINDOW_TASKS
    }
    this.#count(use, 1)
  }

  get tasks(): number {
    return this.#uses.length
  }

  get successes(): number {
    return this.#successes
  }

  /** Milliseconds; `undefined` when nothing has succeeded. */
  get medianMs(): number | undefined {
    return quantile(this.#latencies, 0.5)
  }

  statistics(adapter: string): AdapterStatistics {
    const totalAttempts = this.tasks
    const at = (share: number): number => quantile(this.#latencies, share) ?? 0
    return {
      adapter,
      successes: this.#successes,
      failures: totalAttempts - this.#successes,
      totalAttempts,
      successRate: totalAttempts === 0 ? null : this.#successes / totalAttempts,
      fallbacks: this.#fallbacks,
      attempts: { total: this.#attempts, failures: this.#attempts - this.#successes },
      latencyMs:
        this.#latencies.length === 0 ? null : { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) },
    }
  }

  #count({ success, attempts, latencyMs, fallback }: AdapterUse, by: 1 | -1): void {
    if (success) this.#successes += by
    if (fallback) this.#fallbacks += by
    this.#attempts += by * attempts
    if (latencyMs === null) return
    const at = placeOf(this.#latencies, latencyMs)
    if (by === 1) this.#latencies.splice(at, 0, latencyMs)
    else this.#latencies.splice(at, 1)
  }
}

/** The figures of a list of tasks, the latest last. */
export function statisticsOf(adapter: string, uses: Iterable<AdapterUse>): AdapterStatistics {
  const window = new UseWindow()
  for (const use of uses) window.add(use)
  return window.statistics(adapter)
}

/** Nearest rank (Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, definition 1): a value that was measured. */
function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

/** Where a value is, or would be, among sorted ones. */
function placeOf(sorted: readonly number[], value: number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? Infinity) < value) from = middle + 1
    else to = middle
  }
  return from
}
