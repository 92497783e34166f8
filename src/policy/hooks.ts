import * as z from '../base/zod.ts'
import type { RunResult, StepResult } from '../base/result.ts'

/**
 * A run begins.
 *
 * @example
 * const started = ({ runId, pipeline }: RunStart): void => console.log(`${pipeline} begins as ${runId}`)
 */
export interface RunStart {
  readonly runId: string
  /** The name of the node that is run. */
  readonly pipeline: string
  /** A copy. */
  readonly input: unknown
}

/**
 * A step begins.
 *
 * @example
 * const seen: string[] = []
 * const begins = ({ path }: StepStart): number => seen.push(path)
 */
export interface StepStart {
  readonly runId: string
  readonly path: string
  readonly step: string
  /** A copy. */
  readonly input: unknown
}

/**
 * A step has come to its end.
 *
 * @example
 * const tokens = ({ result }: StepEnd): number => result.usage.tokens
 */
export interface StepEnd {
  readonly runId: string
  readonly path: string
  readonly step: string
  /** A copy, with all of its attempts counted. */
  readonly result: StepResult
}

/**
 * A run has come to its end.
 *
 * @example
 * const told = ({ result }: RunEnd): void => console.log(result.runId, result.status)
 */
export interface RunEnd {
  readonly runId: string
  /** A copy. */
  readonly result: RunResult
}

/**
 * Functions that are called beside the work. Each is awaited, and what it is given are copies. An abort ends the wait; a
 * hook that is called after it, for what it has ended, is waited for 30 seconds at most.
 *
 * What a hook throws never breaks a run: it is recorded as the event `hook_error`, logged, and remarked on in reports.
 * Only under `strictHooks` does the run end there, with a `HookError`. To abort the run a hook throws an
 * `AbortSignalled`, which is heeded everywhere but in `postRun`.
 *
 * @example
 * const hooks: Hooks = {
 *   postStep: ({ path, result }) => console.log(path, result.latencyMs),
 *   onStepFailure: ({ path, result }) => console.error(path, result.feedback),
 * }
 */
export interface Hooks {
  /** Before anything runs, also in a run that will call no step. Not called again for a run that is carried on. */
  readonly preRun?: ((event: RunStart) => unknown) | undefined
  /** Before the first attempt of each step, and of each task at an adapter of a route. Not for an approval: it does no work. */
  readonly preStep?: ((event: StepStart) => unknown) | undefined
  /** After a step that completed. */
  readonly postStep?: ((event: StepEnd) => unknown) | undefined
  /** After a step that did not complete: failed for good, or ended before it was done. */
  readonly onStepFailure?: ((event: StepEnd) => unknown) | undefined
  /** When the run is over, whatever became of it; a run that is paused is not. */
  readonly postRun?: ((event: RunEnd) => unknown) | undefined
}

const hook = z
  .custom<(event: unknown) => unknown>((value) => typeof value === 'function', 'expected a function')
  .optional()

/** Hooks as people write them. */
export const hooksSchema: z.ZodType<Hooks> = z.strictObject({
  preRun: hook,
  preStep: hook,
  postStep: hook,
  onStepFailure: hook,
  postRun: hook,
})
