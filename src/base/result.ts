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

/**
 * An error as plain data: safe to store, send and print, whatever was thrown.
 *
 * @example
 * const causes = (error: SerializedError): string[] => [error.message, ...(error.cause ? causes(error.cause) : [])]
 */
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

/** What the result of every node says, however it ended. */
interface NodeResult {
  readonly name: string
  /** Names from the root joined by `/`, unique in its pipeline. */
  readonly path: string
  /**
   * Invocations of step functions, over all parts. A loop counts its completed iterations instead, and says in
   * `metadata.stepAttempts` what the nodes around it add up.
   */
  readonly attempts: number
  /**
   * Milliseconds by the world's monotonic clock, waits between attempts included. Composites sum their parts; of a
   * parallel node, whose parts run at once, it is the time from the fork to the join.
   */
  readonly latencyMs: number
  readonly usage: Usage
  readonly metadata: Readonly<Record<string, unknown>>
  readonly children: Readonly<Record<string, StepResult>>
}

/** The result of a node that completed. */
export interface CompletedResult<O = unknown> extends NodeResult {
  readonly status: 'completed'
  readonly success: true
  readonly output: O
  readonly feedback: null
  readonly error: null
}

/** The result of a node that did not complete. */
export interface UnfinishedResult extends NodeResult {
  readonly status: Exclude<Status, 'completed'>
  readonly success: false
  readonly output: undefined
  /** Text for people on why it did not complete. */
  readonly feedback: string | null
  readonly error: SerializedError | null
}

/**
 * What became of one node: plain data, the same shape for every kind of node. `success` tells the two apart, for
 * people and the compiler.
 *
 * `children` holds whole results of the parts a composite node ran (`primary` and `fallback`; a nested
 * pipeline's nodes by name), never summaries.
 *
 * @example
 * const describe = (result: StepResult<number>): string =>
 *   result.success ? result.output.toFixed(2) : `${result.status}: ${result.feedback}`
 */
export type StepResult<O = unknown> = CompletedResult<O> | UnfinishedResult

/** What a run's result says beside what its root node's does. */
export interface RunSummary {
  readonly runId: string
  /** The run's context after its last committed attempt. */
  readonly context: Readonly<Record<string, unknown>>
  /** Results of the pipeline's top-level nodes, in the order they ran. */
  readonly history: readonly StepResult[]
  /** Sums over everything that ran. */
  readonly totals: {
    /** Steps that came to an end, nested ones and both sides of a fallback included. */
    readonly steps: number
    /** Invocations of step functions, those inside loops included. */
    readonly attempts: number
    readonly latencyMs: number
    readonly usage: Usage
  }
}

/**
 * What became of a whole run: its root node's result and a summary.
 *
 * @example
 * const result: RunResult<string> = await createEngine().run(article, 'tides')
 * if (result.success) console.log(result.output.length, result.totals.usage.costUsd)
 */
export type RunResult<O = unknown> = StepResult<O> & RunSummary
