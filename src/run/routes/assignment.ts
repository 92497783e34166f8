import type { LiveAdapter } from '../../adapters/live.ts'
import type { UseWindow } from '../../adapters/statistics.ts'
import type { StepResult, Usage } from '../../base/result.ts'

/**
 * One attempt at an adapter, as the route's result tells it.
 *
 * @example
 * const line = ({ adapter, attempt, status }: RouteAttempt): string => `${adapter} #${attempt}: ${status}`
 */
export interface RouteAttempt {
  readonly adapter: string
  /** From 1, at this adapter. */
  readonly attempt: number
  readonly status: 'completed' | 'failed' | 'cancelled' | 'interrupted'
  readonly latencyMs: number
  /** How long the route waited before it. */
  readonly delayMs: number
  /** `null` where it failed at nothing. */
  readonly error: string | null
}

/** A task on its way to one adapter. */
export interface Assignment {
  readonly live: LiveAdapter
  /** Where its statistics are kept. */
  readonly window: UseWindow
  readonly taskKey: string
  /** An adapter before it has failed at the task. */
  readonly fallback: boolean
}

/** What an adapter has come to, or why it was given no attempt. */
export type AdapterEnd =
  | { readonly kind: 'ended'; readonly result: StepResult }
  | { readonly kind: 'refused'; readonly reason: string }

/** What has been done for a task at one adapter so far. */
export interface Progress {
  startedMs: number
  /** Those that a crash or a pause ended in an earlier life of the run: they do not count against the limit. */
  readonly interrupted: number
  readonly tries: RouteAttempt[]
  /** Hooks have been told that it begins, so they are told that it has ended. */
  announced: boolean
  /** The number of the last attempt; 0 before the first. */
  attempts: number
  usage: Usage
  /** How long was waited before the attempt to come. */
  delayMs: number
  /** How long the attempt took that was made last. */
  latencyMs: number
}
