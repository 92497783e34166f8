import { isolate } from '../context/isolate.ts'
import { InputError } from '../base/errors.ts'
import type { StepNode } from '../nodes/step.ts'
import { backoffMs } from '../policy/backoff.ts'
import { retryAfterMs } from '../policy/retry-after.ts'
import { addUsage, NO_USAGE, type SerializedError, type StepResult, type Usage } from '../base/result.ts'
import { describeThrown, serializeError } from '../base/serialize-error.ts'
import { Attempt } from './attempt.ts'
import type { Plan, PlannedChild } from './plan.ts'
import { completedResult, failedResult, type Spent, stoppedResult } from './results.ts'
import type { Scope } from './scope.ts'
import { call, completed, raced, type Settlement, thrownAs } from './settle.ts'
import { isAbort, type Stop } from './stop.ts'
import { recordAttempt, recordStep } from './trail.ts'

/** Awaited to continue in a later microtask. */
const settledPromise = Promise.resolve()

/** Where the copy of an input goes. */
const UNCOPIED = Symbol('not copied')

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
      const stop = scope.aborted ?? run.unrecorded
      if (stop !== undefined) return this.#notStarted(stop, scope, { attempts: number - 1, usage, startedMs })
      const attempt = new Attempt(scope, node.name, path, number)
      if (number > 1 || pending !== undefined) attemptStartedMs = clock.monotonicMs()
      let settlement: Settlement
      let mine: unknown = UNCOPIED
      try {
        // A copy of its own: neither a retry, a fallback, the result it came from nor the caller must see it change.
        mine = isolate(input)
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
        if (mine === UNCOPIED)
          return this.#notStarted(inputError(node, thrown), scope, { attempts: number - 1, usage, startedMs })
        settlement = thrownAs(thrown)
      }
      attempt.end()
      const endedMs = clock.monotonicMs()
      usage = addUsage(usage, attempt.usage)
      const times = { startedMs: attemptStartedMs, endedMs, delayMs }
      record(scope, attempt, input, settlement, times)
      if (
        settlement.kind !== 'failed' ||
        number === 1 + node.policy.retries ||
        !retryable(node, settlement.thrown)
      ) {
        const spent = { attempts: number, latencyMs: endedMs - startedMs, usage }
        return recordStep(scope, 'step', resultOf(settlement, node.name, path, spent))
      }
      delayMs = nextDelayMs(node, number, settlement.thrown, scope)
      if (delayMs > 0) await scope.sleep(delayMs, `backoff of step:${node.name}`)
    }
  }

  /** The step's result when no further attempt can be made. */
  #notStarted(why: Stop | InputError, scope: Scope, { attempts, usage, startedMs }: Before): StepResult {
    const spent = { attempts, latencyMs: scope.run.world.clock.monotonicMs() - startedMs, usage }
    const { node, path } = this
    const result =
      why instanceof InputError
        ? failedResult(node.name, path, serializeError(why), spent)
        : stoppedResult(node.name, path, why, spent)
    return recordStep(scope, 'step', result)
  }
}

/** What a step did before an attempt that was not made. */
interface Before {
  readonly attempts: number
  readonly usage: Usage
  readonly startedMs: number
}

function inputError({ name }: AnyStep, thrown: unknown): InputError {
  return new InputError(name, describeThrown(thrown), thrown)
}

/** The step's result after its last attempt. */
function resultOf(settlement: Settlement, name: string, path: string, spent: Spent): StepResult {
  switch (settlement.kind) {
    case 'completed':
      return completedResult(name, path, settlement.output, spent)
    case 'control':
      return stoppedResult(name, path, settlement.signal, spent)
    case 'failed':
      return failedResult(name, path, serializeError(settlement.thrown), spent)
  }
}

/** Nothing stands between the engine and the function: no boundary, nothing to validate. */
function isPlain(node: AnyStep, { run }: Scope): boolean {
  return run.world.boundary === undefined && node.policy.validate === undefined
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
    status: statusOf(settlement),
    startedAtMs: times.startedMs - scope.run.startedMs,
    latencyMs: times.endedMs - times.startedMs,
    delayMs: times.delayMs,
    usage: attempt.usage,
    input,
    output: settlement.kind === 'completed' ? settlement.output : undefined,
    error: errorOf(settlement),
  })
}

function statusOf(settlement: Settlement): 'completed' | 'failed' | 'cancelled' {
  if (settlement.kind !== 'control') return settlement.kind
  return isAbort(settlement.signal) ? 'cancelled' : 'failed'
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
