import type { SerializedError, StepResult, Usage } from '../base/result.ts'

/**
 * What became of one item: the pipeline's result for it.
 *
 * @example
 * const describe = ({ item, result }: ItemResult<string>): string => `${item}: ${result.status}`
 */
export interface ItemResult<O = unknown> {
  /** Its id; see the option `key`. */
  readonly item: string
  /** Its place in the source, from 0. */
  readonly index: number
  /** `skipped` for an item that has gone into another one at a join: that one goes on. */
  readonly result: StepResult<O>
}

/**
 * How often a join was resolved, and how it ended.
 *
 * @example
 * const failures = ({ failed, reasons }: JoinTotals): string => `${failed}: ${Object.keys(reasons).join(', ')}`
 */
export interface JoinTotals {
  readonly path: string
  /** Such as `quorum(2)`. */
  readonly policy: string
  readonly merged: number
  readonly failed: number
  /** How often it failed for which reason. */
  readonly reasons: Readonly<Record<string, number>>
}

/**
 * What became of many items in one run. An item that fails is no exception: the others go on.
 *
 * @example
 * const report = ({ totals, feedback }: RunAllResult): string =>
 *   `${totals.completed} of ${totals.items} done. ${feedback ?? ''}`
 */
export interface RunAllResult<O = unknown> {
  readonly runId: string
  /** `completed` when every item has, or has gone into another one; `cancelled` after an abort. */
  readonly status: 'completed' | 'failed' | 'cancelled' | 'paused'
  readonly success: boolean
  /** Why it did not complete: how many items failed and the first reasons, or what the source threw. */
  readonly feedback: string | null
  /** What ended the run before its source did; `null` when every item had its turn. */
  readonly error: SerializedError | null
  /** In the order of the source; see the option `keepResults`. */
  readonly items: readonly ItemResult<O>[]
  readonly totals: {
    readonly items: number
    readonly completed: number
    readonly failed: number
    readonly cancelled: number
    /** Items that went into another one at a join. */
    readonly coalesced: number
    /** Steps that came to an end. */
    readonly steps: number
    readonly attempts: number
    /** How long the run took, in milliseconds of the world's monotonic clock. */
    readonly latencyMs: number
    readonly usage: Usage
  }
  /** The joins that items came to, in the order in which they came to them. */
  readonly joins: readonly JoinTotals[]
}
