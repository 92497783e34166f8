import { isolate } from '../context/isolate.ts'
import type { ControlSignal } from '../base/control.ts'
import type { StepNode } from '../nodes/step.ts'
import { backoffMs } from '../policy/backoff.ts'
import { retryAfterMs } from '../policy/retry-after.ts'
import { addUsage, NO_USAGE, type SerializedError, type StepResult } from '../base/result.ts'
import { serializeError } from '../base/serialize-error.ts'
import { Attempt } from './attempt.ts'
import type { Plan, PlannedChild } from './plan.ts'
import { cancelledResult, completedResult, failedResult, type Spent } from './results.ts'
import type { Scope } from './scope.ts'
import { call, completed, raced, type Settlement, thrownAs } from './settle.ts'
import { recordAttempt, recordStep } from './trail.ts'

/** Awaited to continue in a later microtask. */
const settledPromise = Promise.resolve()

const NO_CHILDREN: readonly PlannedChild[] = []

type AnyStep = StepNode<never, unknown>

/** A step at its place: attempts, waits between them, records. */
export class StepRunner implements Plan {
  static readonly events = ['late'] as const
  readonly node: AnyStep
  readonly path: string

  constructor(node: AnyStep, path: string) {
    this.node = node
    this.path = path
  }

  children(): readonly PlannedChild[] {
    return NO_CHILDREN
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const { node, path } = this
    const { run } = scope
    const { clock } = run.world
    // A step with a fallback is expected to throw, and most of what that costs is collecting the stack: a third less when
    // the callers above are suspended, and they are still in it, as `at async …`.
    if (hasFallback) await settledPromise
    const startedMs = clock.monotonicMs()
    let attemptStartedMs = startedMs
    let usage = NO_USAGE
    let delayMs = 0
    for (let number = 1; ; number++) {
      // Nothing starts before what led to it is on disk.
      const pending = run.committed()
      if (pending !== undefined) await pending
      if (scope.aborted !== undefined) {
        const spent = { attempts: number - 1, latencyMs: clock.monotonicMs() - startedMs, usage }
        return recordStep(scope, 'step', cancelledResult(node.name, path, scope.aborted, spent))
      }
      const attempt = new Attempt(scope, node.name, path, number)
      if (number > 1 || pending !== undefined) attemptStartedMs = clock.monotonicMs()
      let settlement: Settlement
      try {
        // A copy of its own: neither a retry, a fallback, the result it came from nor the caller must see it change.
        const mine = isolate(input)
        // Called right here where nothing can interrupt it: each frame in between costs every error that is thrown.
        settlement =
          node.policy.timeoutMs === undefined && !scope.abortable
            ? completed(
                await (isPlain(node, scope)
                  ? node.run(mine as never, attempt)
                  : call(node, mine, attempt, scope)),
              )
            : await raced(node, mine, attempt, scope)
        if (settlement.kind === 'completed') attempt.commit()
      } catch (thrown) {
        settlement = thrownAs(thrown)
      }
      attempt.end()
      const endedMs = clock.monotonicMs()
      usage = addUsage(usage, attempt.usage)
      run.spend(attempt.usage)
      const times = { startedMs: attemptStartedMs, endedMs, delayMs }
      record(scope, attempt, input, settlement, times)
      const spent = { attempts: number, latencyMs: endedMs - startedMs, usage }
      switch (settlement.kind) {
        case 'completed':
          return recordStep(scope, 'step', completedResult(node.name, path, settlement.output, spent))
        case 'control':
          return recordStep(scope, 'step', cancelledOrThrow(settlement.signal, node.name, path, spent))
        case 'failed':
          if (number === 1 + node.policy.retries || !retryable(node, settlement.thrown)) {
            const error = serializeError(settlement.thrown)
            return recordStep(scope, 'step', failedResult(node.name, path, error, spent))
          }
          delayMs = nextDelayMs(node, number, settlement.thrown, scope)
      }
      if (delayMs > 0) await scope.sleep(delayMs, `backoff of step:${node.name}`)
    }
  }
}

/** Nothing stands between the engine and the function: no boundary, nothing to validate. */
function isPlain(node: AnyStep, { run }: Scope): boolean {
  return run.world.boundary === undefined && node.policy.validate === undefined
}

function cancelledOrThrow(signal: ControlSignal, name: string, path: string, spent: Spent): StepResult {
  // An abort is a result of its own; any other control signal goes to the engine's edge.
  if (signal.kind !== 'abort') throw signal
  return cancelledResult(name, path, signal, spent)
}

function retryable(node: AnyStep, thrown: unknown): boolean {
  try {
    if (node.policy.retryIf !== undefined) return node.policy.retryIf(thrown)
    return (thrown as { retryable?: unknown } | null | undefined)?.retryable !== false
  } catch {
    // A thrown proxy that cannot be read says nothing against another attempt; nor does a `retryIf` that chokes on it.
    return true
  }
}

function nextDelayMs(node: AnyStep, failed: number, thrown: unknown, { run }: Scope): number {
  const { clock, random } = run.world
  return Math.max(backoffMs(node.policy.backoff, failed, random), retryAfterMs(thrown, clock.wallMs))
}

function record(
  scope: Scope,
  attempt: Attempt,
  input: unknown,
  settlement: Settlement,
  times: { readonly startedMs: number; readonly endedMs: number; readonly delayMs: number },
): void {
  if (!scope.run.recorded) return
  recordAttempt(scope, {
    path: attempt.path,
    step: attempt.step,
    attempt: attempt.attempt,
    status: settlement.kind === 'control' ? 'cancelled' : settlement.kind,
    startedAtMs: times.startedMs - scope.run.startedMs,
    latencyMs: times.endedMs - times.startedMs,
    delayMs: times.delayMs,
    usage: attempt.usage,
    input,
    output: settlement.kind === 'completed' ? settlement.output : undefined,
    error: errorOf(settlement),
  })
}

function errorOf(settlement: Settlement): SerializedError | null {
  switch (settlement.kind) {
    case 'completed':
      return null
    case 'failed':
      return serializeError(settlement.thrown)
    case 'control':
      return serializeError(settlement.signal)
  }
}
