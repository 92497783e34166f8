import type { AttemptRecord, JoinRecord, Outcome } from '../audit/records.ts'
import { errorHash } from '../base/error-hash.ts'
import { NO_USAGE, type Status, type StepResult, type Usage } from '../base/result.ts'
import type { Past } from './checkpoint/past.ts'
import type { ForkPart, Run } from './run.ts'
import { stepAttemptsOf } from './results.ts'
import type { Scope } from './scope.ts'

/** Whose record it is: a scope, or what a scope was at some moment. */
export type Whose = Pick<Scope, 'run' | 'tokenId' | 'visit'>

/** What an attempt's record says beside whose it is. */
type AttemptFacts = Omit<AttemptRecord, 'kind' | 'runId' | 'tokenId' | 'visit'>

/** Records that a run starts, and its root token. */
export function recordStart(scope: Scope, pipeline: string, input: unknown): void {
  const { run } = scope
  if (!run.recorded) return
  const startedWallMs = run.world.clock.wallMs()
  run.append({ kind: 'run-started', runId: run.id, pipeline, startedWallMs, input })
  recordToken(scope, [])
}

/** Records the scope's token: what it came from, and what for. */
export function recordToken(
  { run, tokenId }: Scope,
  parentIds: readonly string[],
  { branch, item }: ForkPart = {},
): void {
  if (!run.recorded) return
  run.append({
    kind: 'token',
    runId: run.id,
    tokenId,
    parentIds,
    branch: branch ?? null,
    item: item ?? null,
    atMs: run.elapsedMs(),
  })
}

/** What a token comes to with a run that ends so; `null` when that is not decided yet. */
export const OUTCOME_BY_STATUS: Readonly<Record<Status, Outcome | null>> = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  // There was nothing to do for it, which is no failure.
  skipped: 'completed',
  // The store takes one outcome for a token: the run that carries on gives it.
  paused: null,
}

/** Records the end of the run, after that of its token. */
export function recordEnd(scope: Scope, result: StepResult): void {
  const { run } = scope
  if (!run.recorded) return
  const outcome = OUTCOME_BY_STATUS[result.status]
  if (outcome !== null && !scope.ended) recordOutcome(scope, outcome, result.feedback)
  recordRunEnd(run, result, stepAttemptsOf(result), result.usage)
}

/** Records the end of a run whose tokens have their outcomes. */
export function recordRunEnd(
  run: Run,
  { status, output, feedback, error }: Pick<StepResult, 'status' | 'output' | 'feedback' | 'error'>,
  attempts: number,
  usage: Usage,
): void {
  if (!run.recorded) return
  run.append({
    kind: 'run-finished',
    runId: run.id,
    status,
    finishedWallMs: run.world.clock.wallMs(),
    latencyMs: run.elapsedMs(),
    attempts,
    usage,
    output,
    feedback,
    error,
  })
}

/** Records the terminal fate of the scope's token. */
export function recordOutcome(
  scope: Scope,
  outcome: Outcome,
  reason: string | null,
  joinGroup: string | null = null,
): void {
  const { run } = scope
  if (!run.recorded) return
  run.append({
    kind: 'outcome',
    runId: run.id,
    tokenId: scope.tokenId,
    outcome,
    reason,
    errorHash: reason === null ? null : errorHash(reason),
    joinGroup,
    atMs: run.elapsedMs(),
  })
}

/** What the record of a join says beside whose it is. */
export type JoinFacts = Omit<JoinRecord, 'kind' | 'runId' | 'visit' | 'item' | 'tokenId' | 'atMs'> &
  Partial<Pick<JoinRecord, 'item' | 'tokenId'>>

/** Records that branches came together in a scope, or that they will not; the scope's token goes on from there. */
export function recordJoin({ run, tokenId, visit }: Scope, facts: JoinFacts): void {
  run.append({
    kind: 'join',
    runId: run.id,
    visit,
    item: null,
    tokenId,
    atMs: run.elapsedMs(),
    ...facts,
  })
}

/**
 * Records that a durable run's step is about to call its function: with the records of what led to it, so that it costs
 * no commit of its own.
 */
export function recordAttemptStart(
  { run, tokenId, visit, aborted }: Scope,
  { path, node }: { readonly path: string; readonly node: { readonly name: string } },
  attempt: number,
): void {
  if (aborted !== undefined) return
  const atMs = run.elapsedMs()
  run.append({ kind: 'attempt-start', runId: run.id, tokenId, path, visit, step: node.name, attempt, atMs })
}

/** Records one invocation of a step's function. */
export function recordAttempt({ run, tokenId, visit }: Scope, facts: AttemptFacts): void {
  // Field by field: spreading costs a microsecond.
  run.append({
    kind: 'attempt',
    runId: run.id,
    tokenId,
    path: facts.path,
    visit,
    step: facts.step,
    attempt: facts.attempt,
    status: facts.status,
    startedAtMs: facts.startedAtMs,
    latencyMs: facts.latencyMs,
    delayMs: facts.delayMs,
    usage: facts.usage,
    input: facts.input,
    output: facts.output,
    error: facts.error,
  })
}

/** Records the attempts that began in an earlier life of the run and never ended: its process died meanwhile. */
export function recordInterrupted(run: Run, { interrupted }: Past): void {
  for (const { tokenId, path, visit, step, attempt, atMs } of interrupted)
    run.append({
      kind: 'attempt',
      runId: run.id,
      tokenId,
      path,
      visit,
      step,
      attempt,
      status: 'interrupted',
      startedAtMs: atMs,
      // Nobody knows when it ended.
      latencyMs: 0,
      delayMs: 0,
      usage: NO_USAGE,
      input: undefined,
      output: undefined,
      error: INTERRUPTED,
    })
}

const INTERRUPTED = {
  name: 'InterruptedError',
  message: 'The process ended while the attempt was going on',
  code: 'E_INTERRUPTED',
}

/** Records a node's end, if there is an audit trail, and hands the result on. */
export function recordStep(scope: Scope, node: string, result: StepResult): StepResult {
  const { run } = scope
  if (!run.recorded) return result
  // A durable run goes on after a pause, so its node has not come to its end.
  if (run.durable !== undefined && result.status === 'paused') return result
  run.append({
    kind: 'step',
    runId: run.id,
    tokenId: scope.tokenId,
    path: result.path,
    visit: scope.visit,
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
  { run, tokenId, visit }: Whose,
  path: string,
  event: string,
  detail: Readonly<Record<string, unknown>>,
): void {
  run.append({ kind: 'event', runId: run.id, tokenId, path, visit, event, atMs: run.elapsedMs(), detail })
}
