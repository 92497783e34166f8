/** The fate of a node or run. `success` is exactly `status === 'completed'`. */
export type Status = 'completed' | 'failed' | 'paused' | 'cancelled' | 'skipped'

/** What work cost: US dollars and tokens. Sums cover every attempt that ran, successful or not. */
export interface Usage {
  readonly costUsd: number
  readonly tokens: number
}

/** Nothing spent; shared, because most attempts spend nothing. */
export const NO_USAGE: Usage = Object.freeze({ costUsd: 0, tokens: 0 })

/** The sum of two usages. Most attempts spend nothing; then it is what it was. */
export function addUsage(sum: Usage, more: Usage): Usage {
  return more === NO_USAGE ? sum : { costUsd: sum.costUsd + more.costUsd, tokens: sum.tokens + more.tokens }
}

/** An error as plain data: safe to store, send and print, whatever was thrown. */
export interface SerializedError {
  readonly name: string
  readonly message: string
  /** Read lazily from the thrown error: formatting a stack costs more than a whole step. */
  readonly stack?: string
  readonly code?: string
  readonly cause?: SerializedError
  /** The parts of an `AggregateError`, in order. */
  readonly errors?: readonly SerializedError[]
}

/**
 * What became of one node: plain data, the same shape for every kind of node.
 *
 * `children` holds whole results of the parts a composite node ran (`primary` and `fallback`; a nested
 * pipeline's nodes by name), never summaries.
 */
export interface StepResult<O = unknown> {
  readonly name: string
  /** Names from the root joined by `/`, unique in its pipeline. */
  readonly path: string
  readonly status: Status
  readonly success: boolean
  /** The node's output; `undefined` unless completed. */
  readonly output: O | undefined
  /** Text for people on why it did not complete; `null` on success. */
  readonly feedback: string | null
  readonly error: SerializedError | null
  /** Invocations of step functions, over all parts. */
  readonly attempts: number
  /** Milliseconds by the world's monotonic clock, waits between attempts included; composites sum their parts. */
  readonly latencyMs: number
  readonly usage: Usage
  readonly metadata: Readonly<Record<string, unknown>>
  readonly children: Readonly<Record<string, StepResult>>
}

/** What became of a whole run. */
export interface RunResult<O = unknown> extends StepResult<O> {
  readonly runId: string
  /** The run's context after its last committed attempt. */
  readonly context: Readonly<Record<string, unknown>>
  /** Results of the pipeline's top-level nodes, in the order they ran. */
  readonly history: readonly StepResult[]
  /** Sums over everything that ran. */
  readonly totals: {
    readonly steps: number
    readonly attempts: number
    readonly latencyMs: number
    readonly usage: Usage
  }
}
