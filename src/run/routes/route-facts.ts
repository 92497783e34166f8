import type { SkippedAdapter } from '../../adapters/order.ts'
import type { StepResult } from '../../base/result.ts'
import type { RouteAttempt } from './assignment.ts'

/**
 * What a route did with a task, beside what every result says.
 *
 * @example
 * const line = ({ adapter, fallbackChain, totalAttempts }: RouteFacts): string =>
 *   `${adapter ?? 'nobody'} after ${fallbackChain.join(' → ')}, ${totalAttempts} attempts`
 */
export interface RouteFacts<R = unknown> {
  readonly success: boolean
  /** The adapter that did the task; `null` when none did. */
  readonly adapter: string | null
  /** What it gave; `undefined` when none did. */
  readonly result: R | undefined
  /** The adapters that were tried, in order, the one that did the task last. */
  readonly fallbackChain: readonly string[]
  /** Attempts at all of them. */
  readonly totalAttempts: number
  /** Each attempt, in order; of a run that was carried on, those that it made after the interruption. */
  readonly attempts: readonly RouteAttempt[]
  /** Adapters that were given no attempt, and why. */
  readonly skipped: readonly SkippedAdapter[]
  /** Why each adapter that was tried has failed. */
  readonly errors: readonly AdapterFailure[]
  /** The order that counted for the task. */
  readonly order: readonly string[]
  readonly taskType: string | null
}

/** @example const text = ({ adapter, message }: AdapterFailure): string => `${adapter}: ${message}` */
export interface AdapterFailure {
  readonly adapter: string
  readonly message: string
}

/** What the metadata of a route's result says: all that its other fields do not. */
export type RouteMetadata = Omit<RouteFacts, 'success' | 'result'>

/**
 * What a route did, of its result; `undefined` for the result of anything else. The result of a run of a route alone will do,
 * and so will a route's result inside another one's `children`.
 *
 * @example
 * const result = await createEngine().run(ask, { prompt: 'tides' })
 * const facts = routeFacts(result)
 * if (facts !== undefined) console.log(facts.adapter, facts.fallbackChain, facts.totalAttempts)
 */
export function routeFacts<R>(result: StepResult<R>): RouteFacts<R> | undefined {
  const { metadata, success, output } = result
  if (!Array.isArray(metadata['fallbackChain']) || !Array.isArray(metadata['skipped'])) return undefined
  // Written by a route, as one.
  return { success, result: output, ...(metadata as unknown as RouteMetadata) }
}
