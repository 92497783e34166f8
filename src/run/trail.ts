import type { AttemptRecord, Outcome } from '../audit/records.ts'
import { errorHash } from '../base/error-hash.ts'
import type { StepResult } from '../base/result.ts'
import type { Scope } from './scope.ts'

/** What an attempt's record says beside whose it is. */
type AttemptFacts = Omit<AttemptRecord, 'kind' | 'runId' | 'tokenId'>

/** Records that a run starts, and its root token. */
export function recordStart(scope: Scope, pipeline: string, input: unknown): void {
  const { run } = scope
  run.append({ kind: 'run-started', runId: run.id, pipeline, wallMs: run.world.clock.wallMs(), input })
  run.append({ kind: 'token', runId: run.id, tokenId: scope.tokenId, parentId: null, atMs: 0 })
}

/** Records the scope's token: what it came from, and what for. */
export function recordToken({ run, tokenId }: Scope, parentIds: readonly string[]): void {
  const parentId = parentIds[0] ?? null
  run.append({ kind: 'token', runId: run.id, tokenId, parentId, atMs: run.elapsedMs() })
}

/** Records the end of the run, after that of its token. */
export function recordEnd(scope: Scope, result: StepResult): void {
  const { run } = scope
  const { status, feedback } = result
  recordOutcome(scope, status === 'completed' || status === 'cancelled' ? status : 'failed', feedback)
  run.append({
    kind: 'run-finished',
    runId: run.id,
    status,
    wallMs: run.world.clock.wallMs(),
    latencyMs: run.elapsedMs(),
    attempts: result.attempts,
    usage: result.usage,
    output: result.output,
    feedback,
    error: result.error,
  })
}

/** Records the terminal fate of the scope's token. */
export function recordOutcome(scope: Scope, outcome: Outcome, reason: string | null): void {
  const { run } = scope
  run.append({
    kind: 'outcome',
    runId: run.id,
    tokenId: scope.tokenId,
    outcome,
    reason,
    errorHash: reason === null ? null : errorHash(reason),
    atMs: run.elapsedMs(),
  })
}

/** Records one invocation of a step's function. */
export function recordAttempt({ run, tokenId }: Scope, facts: AttemptFacts): void {
  run.append({ kind: 'attempt', runId: run.id, tokenId, ...facts })
}

/** Records a node's end, if there is an audit trail, and hands the result on. */
export function recordStep(scope: Scope, node: string, result: StepResult): StepResult {
  const { run } = scope
  if (!run.recorded) return result
  run.append({
    kind: 'step',
    runId: run.id,
    tokenId: scope.tokenId,
    path: result.path,
    step: result.name,
    node,
    status: result.status,
    attempts: result.attempts,
    latencyMs: result.latencyMs,
    atMs: run.elapsedMs(),
    usage: result.usage,
    feedback: result.feedback,
    metadata: result.metadata,
  })
  return result
}

/** Records something worth knowing that changes nothing. */
export function recordEvent(
  { run }: Scope,
  path: string,
  event: string,
  detail: Readonly<Record<string, unknown>>,
): void {
  run.append({ kind: 'event', runId: run.id, path, event, atMs: run.elapsedMs(), detail })
}
