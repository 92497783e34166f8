import {
  addUsage,
  NO_USAGE,
  type RunResult,
  type RunSummary,
  type SerializedError,
  type StepResult,
  type UnfinishedResult,
  type Usage,
} from '../base/result.ts'
import { describeThrown, serializeError } from '../base/serialize-error.ts'
import { statusOfStop, type Stop, stopOf, withStop } from './stop.ts'

/** What a node cost: sums over everything that ran. */
export interface Spent {
  readonly attempts: number
  readonly latencyMs: number
  readonly usage: Usage
}

type Metadata = Readonly<Record<string, unknown>>
type Children = Readonly<Record<string, StepResult>>

// Shared and frozen: nearly every result has neither.
const NONE: Readonly<Record<string, never>> = Object.freeze({})

export const NOTHING_SPENT: Spent = Object.freeze({
  attempts: 0,
  latencyMs: 0,
  usage: NO_USAGE,
})

export function completedResult(
  name: string,
  path: string,
  output: unknown,
  spent: Spent,
  metadata: Metadata = NONE,
  children: Children = NONE,
): StepResult {
  return {
    name,
    path,
    status: 'completed',
    success: true,
    output,
    feedback: null,
    error: null,
    attempts: spent.attempts,
    latencyMs: spent.latencyMs,
    usage: spent.usage,
    metadata,
    children,
  }
}

export function failedResult(
  name: string,
  path: string,
  error: SerializedError,
  spent: Spent,
  metadata: Metadata = NONE,
  children: Children = NONE,
): StepResult {
  return incomplete('failed', name, path, error.message, error, spent, metadata, children)
}

/** A node that was passed over, or had nothing to do for its token. */
export function skippedResult(
  name: string,
  path: string,
  feedback: string,
  spent: Spent = NOTHING_SPENT,
  metadata: Metadata = NONE,
): StepResult {
  return incomplete('skipped', name, path, feedback, null, spent, metadata, NONE)
}

/** A node that was ended before it was done. */
export function stoppedResult(
  name: string,
  path: string,
  stop: Stop,
  spent: Spent,
  children: Children = NONE,
): StepResult {
  const status = statusOfStop(stop)
  const error = serializeError(stop)
  // What a person wants to know of an abort is its reason, which the caller gave.
  const feedback = status === 'cancelled' ? `Cancelled: ${describeThrown(stop.cause)}` : error.message
  return withStop(incomplete(status, name, path, feedback, error, spent, metadataOf(stop), children), stop)
}

/** Which way a quota was exceeded; the message says by which limit. */
function metadataOf(stop: Stop): Metadata {
  return 'kind' in stop && stop.kind === 'quota' && 'reason' in stop ? { reason: stop.reason } : NONE
}

/** A composite that ended as one of its parts did, for that part's reasons. */
export function sameEnd(
  name: string,
  path: string,
  part: StepResult,
  spent: Spent,
  children: Children,
  metadata: Metadata = NONE,
): StepResult {
  if (part.status === 'completed') return completedResult(name, path, part.output, spent, metadata, children)
  const { status, feedback, error } = part
  return withStop(incomplete(status, name, path, feedback, error, spent, metadata, children), stopOf(part))
}

/**
 * How many times step functions were called in a node and below: what sums add up. It is `attempts` for all nodes but
 * loops, whose `attempts` are their iterations; they say it in `metadata.stepAttempts`.
 */
export function stepAttemptsOf({ metadata, attempts }: StepResult): number {
  // Nearly every result has none.
  if (metadata === NONE) return attempts
  const { stepAttempts } = metadata
  return typeof stepAttempts === 'number' ? stepAttempts : attempts
}

/** The result of a whole run: its root's, and a summary. Field by field: a spread costs a twentieth of a run of ten steps. */
export function resultOfRun(root: StepResult, summary: RunSummary): RunResult {
  return {
    name: root.name,
    path: root.path,
    status: root.status,
    success: root.success,
    output: root.output,
    feedback: root.feedback,
    error: root.error,
    attempts: root.attempts,
    latencyMs: root.latencyMs,
    usage: root.usage,
    metadata: root.metadata,
    children: root.children,
    runId: summary.runId,
    context: summary.context,
    history: summary.history,
    totals: summary.totals,
    // The compiler does not see that what belongs together in the root does so here.
  } satisfies Record<keyof RunResult, unknown> as RunResult
}

/** The sum of what parts cost. */
export function sumSpent(parts: readonly StepResult[]): Spent {
  let attempts = 0
  let latencyMs = 0
  let usage = NO_USAGE
  for (const part of parts) {
    attempts += stepAttemptsOf(part)
    latencyMs += part.latencyMs
    usage = addUsage(usage, part.usage)
  }
  return { attempts, latencyMs, usage }
}

/** A cost with time that belongs to no part of a node: its own, such as for deciding. */
export function addLatency(spent: Spent, moreMs: number): Spent {
  return moreMs === 0 ? spent : { ...spent, latencyMs: spent.latencyMs + moreMs }
}

function incomplete(
  status: UnfinishedResult['status'],
  name: string,
  path: string,
  feedback: string | null,
  error: SerializedError | null,
  spent: Spent,
  metadata: Metadata,
  children: Children,
): StepResult {
  return {
    name,
    path,
    status,
    success: false,
    output: undefined,
    feedback,
    error,
    attempts: spent.attempts,
    latencyMs: spent.latencyMs,
    usage: spent.usage,
    metadata,
    children,
  }
}
