import type { ControlSignal } from '../base/control.ts'
import { NO_USAGE, type SerializedError, type StepResult, type Usage } from '../base/result.ts'
import { describeThrown, serializeError } from '../base/serialize-error.ts'

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
  return stopped('failed', name, path, error.message, error, spent, metadata, children)
}

export function cancelledResult(name: string, path: string, signal: ControlSignal, spent: Spent): StepResult {
  const reason = describeThrown(signal.cause)
  return stopped('cancelled', name, path, `Cancelled: ${reason}`, serializeError(signal), spent, NONE, NONE)
}

/** A composite that ended as one of its parts did, for that part's reasons. */
export function sameEnd(
  name: string,
  path: string,
  part: StepResult,
  spent: Spent,
  children: Children,
): StepResult {
  return part.status === 'completed'
    ? completedResult(name, path, part.output, spent, NONE, children)
    : stopped(part.status, name, path, part.feedback, part.error, spent, NONE, children)
}

/** The sum of what parts cost. */
export function sumSpent(parts: readonly StepResult[]): Spent {
  let attempts = 0
  let latencyMs = 0
  let costUsd = 0
  let tokens = 0
  for (const part of parts) {
    attempts += part.attempts
    latencyMs += part.latencyMs
    costUsd += part.usage.costUsd
    tokens += part.usage.tokens
  }
  return { attempts, latencyMs, usage: { costUsd, tokens } }
}

function stopped(
  status: StepResult['status'],
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
