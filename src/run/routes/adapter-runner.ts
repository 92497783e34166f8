import { ADAPTER_NODE, adapterUseOf } from '../../audit/adapter-uses.ts'
import { addUsage, type StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import type { AdapterNode } from '../../nodes/adapter.ts'
import type { BreakerTransition, Permit } from '../../policy/breaker.ts'
import type { Reservation } from '../../policy/run-quota.ts'
import type { AdapterEnd, Assignment, Progress } from './assignment.ts'
import { commitLeaf, keepLeaf, leafBefore } from '../leaves/kept-leaf.ts'
import { finalLoss, nextDelayMs } from '../leaves/next-attempt.ts'
import type { Before } from '../checkpoint/past.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { reconcile, reserve } from '../leaves/reserve.ts'
import { completedResult, failedResult, type Spent, skippedResult, stoppedResult } from '../results.ts'
import type { Scope } from '../scope.ts'
import { type Lost, raced, type Settlement, thrownAs } from '../leaves/settle.ts'
import { type Stop, stopOf, withStop } from '../stop.ts'
import { TaskAttempt } from './task-attempt.ts'
import { copyOf, errorOf, judged, statusOf, verdict } from './task-settlement.ts'
import { recordAttempt, recordAttemptStart, recordEvent, recordStep } from '../trail.ts'
import { breakerReason, sleepUnlessOpened } from './under-breaker.ts'

const NO_CHILDREN: readonly PlannedChild[] = []

/** Leave to make one attempt. */
interface Leave {
  readonly kind: 'leave'
  /** The task, in a copy of its own. */
  readonly mine: unknown
  readonly permit: Permit | undefined
  readonly reserved: Reservation | undefined
}

/** An adapter at its place in a route: the attempts at one task, under its circuit breaker. Run by the route's runner. */
export class AdapterRunner implements Plan {
  static readonly events = ['late', 'breaker'] as const
  readonly node: AdapterNode
  readonly path: string
  /** Where it is called; one text for all attempts, because each is looked up by it. */
  readonly point: string

  constructor(node: AdapterNode, path: string) {
    this.node = node
    this.path = path
    this.point = `adapter:${node.name}`
  }

  children(): readonly PlannedChild[] {
    return NO_CHILDREN
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  /** Only a route knows what goes on at an adapter, so nothing but a route runs one. */
  execute(): Promise<StepResult> {
    throw new TypeError(`adapter '${this.node.name}' is run by its route`)
  }

  /** Gives the adapter the task: as many attempts as its policy and its circuit breaker allow. */
  async give(task: unknown, scope: Scope, assignment: Assignment): Promise<AdapterEnd> {
    const before = await leafBefore(scope, this.path)
    if (before.result?.status === 'skipped') return { kind: 'refused', reason: before.result.feedback ?? '' }
    if (before.result !== undefined) return { kind: 'ended', result: before.result }
    return this.#try(task, scope, assignment, progressAfter(before, scope))
  }

  async #try(task: unknown, scope: Scope, assignment: Assignment, progress: Progress): Promise<AdapterEnd> {
    const { breaker } = assignment.live
    for (;;) {
      const leave = await this.#leave(task, scope, assignment, progress)
      if (leave.kind !== 'leave') return leave
      const last = await this.#attempt(task, leave, scope, assignment, progress)
      if (last.kind === 'completed') return this.#ended(scope, assignment, progress, last)
      const counted = progress.attempts - progress.interrupted
      const final = finalLoss(this.node, counted, last)
      // What opened meanwhile has no time for another attempt, and a wait for it would be in vain.
      if (final !== undefined || breaker?.refuses() === true)
        return this.#ended(scope, assignment, progress, final ?? last)
      progress.delayMs = nextDelayMs(this.node, counted, last, scope)
      if (progress.delayMs > 0)
        await sleepUnlessOpened(scope, progress.delayMs, `backoff of ${this.point}`, breaker)
      if (breaker?.refuses() === true && scope.aborted === undefined)
        return this.#ended(scope, assignment, progress, last)
    }
  }

  /** All that an attempt needs before it is made, or what the adapter has come to without it. */
  async #leave(
    task: unknown,
    scope: Scope,
    assignment: Assignment,
    progress: Progress,
  ): Promise<Leave | AdapterEnd> {
    const { run } = scope
    if (scope.aborted !== undefined) return this.#stopped(scope, progress, scope.aborted)
    const copy = copyOf(task, this.node.name)
    if (copy.kind === 'failed') return this.#ended(scope, assignment, progress, copy)
    const admission = assignment.live.breaker?.admit()
    if (admission !== undefined && 'kind' in admission) return this.#refused(scope, admission.untilMs)
    const permit = admission?.permit
    const number = progress.attempts + 1
    this.#note(scope, number, admission?.transition)
    const objection = await this.#announced(task, scope, progress)
    if (objection !== undefined) {
      permit?.released()
      return this.#stopped(scope, progress, objection)
    }
    // Nothing starts before what led to it is on disk.
    if (run.durable !== undefined) recordAttemptStart(scope, this, number)
    const pending = run.committed()
    try {
      if (pending !== undefined) await pending
    } catch (thrown) {
      run.refused(thrown)
    }
    const stop = scope.aborted ?? run.unrecorded
    const reserved =
      stop !== undefined || run.quota === undefined
        ? undefined
        : reserve(this, number, run.quota, task, scope)
    if (stop === undefined && (reserved === undefined || !('kind' in reserved)))
      return { kind: 'leave', mine: copy.output, permit, reserved }
    permit?.released()
    if (stop !== undefined) return this.#stopped(scope, progress, stop)
    return this.#ended(scope, assignment, progress, reserved as Lost)
  }

  /** Calls `preStep` before the first attempt, once the breaker has let it through: a task that is refused is no step. */
  async #announced(task: unknown, scope: Scope, progress: Progress): Promise<Stop | undefined> {
    const { hooks, world } = scope.run
    if (hooks === undefined || progress.announced) return undefined
    progress.announced = true
    const fromMs = world.clock.monotonicMs()
    const objection = await hooks.preStep(this, task, scope)
    // Time that hooks take is not the adapter's.
    progress.startedMs += world.clock.monotonicMs() - fromMs
    return objection
  }

  /** One invocation, and what it says about the adapter. */
  async #attempt(
    task: unknown,
    { mine, permit, reserved }: Leave,
    scope: Scope,
    { taskKey }: Assignment,
    progress: Progress,
  ): Promise<Settlement> {
    const { run } = scope
    const number = ++progress.attempts
    const attempt = new TaskAttempt(scope, this, number, taskKey)
    const startedMs = run.world.clock.monotonicMs()
    let settlement = judged(await raced(this, mine, attempt, scope))
    // What the call says of its adapter; that the run cannot pay for it, or keep it, is no fault of the adapter's.
    const transition = verdict(permit, settlement)
    if (settlement.kind === 'completed' && reserved?.covers(attempt.usage) !== false)
      settlement = committed(scope, attempt, settlement)
    attempt.end()
    if (reserved !== undefined) {
      const lost = settlement.kind === 'completed' ? undefined : settlement
      settlement = reconcile(reserved, attempt, lost, scope) ?? settlement
    }
    scope.continuesMs = run.world.clock.monotonicMs()
    progress.latencyMs = scope.continuesMs - startedMs
    progress.usage = addUsage(progress.usage, attempt.usage)
    this.#record(task, scope, attempt, progress, settlement)
    this.#note(scope, number, transition)
    return settlement
  }

  #record(
    task: unknown,
    scope: Scope,
    attempt: TaskAttempt,
    progress: Progress,
    settlement: Settlement,
  ): void {
    const { delayMs, latencyMs } = progress
    const adapter = this.node.name
    const status = statusOf(settlement)
    const error = errorOf(settlement)
    const number = attempt.attempt
    progress.tries.push({
      adapter,
      attempt: number,
      status,
      latencyMs,
      delayMs,
      error: error?.message ?? null,
    })
    recordAttempt(scope, {
      path: this.path,
      step: adapter,
      attempt: number,
      status,
      startedAtMs: scope.continuesMs - latencyMs - scope.run.startedMs,
      latencyMs,
      delayMs,
      usage: attempt.usage,
      input: task,
      output: settlement.kind === 'control' ? undefined : settlement.output,
      error,
    })
  }

  /** The adapter is done with the task, one way or the other. */
  #ended(
    scope: Scope,
    assignment: Assignment,
    progress: Progress,
    settlement: Settlement,
  ): AdapterEnd | Promise<AdapterEnd> {
    if (settlement.kind === 'control') return this.#stopped(scope, progress, settlement.signal)
    const { path } = this
    const { name } = this.node
    const { fallback, window } = assignment
    const { tries, latencyMs } = progress
    const spent = spentOf(scope, progress)
    const result =
      settlement.kind === 'completed'
        ? completedResult(name, path, settlement.output, spent, { fallback, successMs: latencyMs, tries })
        : failedResult(name, path, serializeError(settlement.thrown), spent, { fallback, tries })
    scope.run.steps++
    const use = adapterUseOf(result)
    if (use !== undefined) window.add(use)
    return this.#told(scope, progress, result)
  }

  #stopped(scope: Scope, progress: Progress, stop: Stop): AdapterEnd | Promise<AdapterEnd> {
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    const { tries } = progress
    const stopped = stoppedResult(this.node.name, this.path, stop, spentOf(scope, progress))
    return this.#told(scope, progress, withStop({ ...stopped, metadata: { tries } }, stop))
  }

  /** Kept, so that a run that is carried on goes the same way. */
  #refused(scope: Scope, untilMs: number | undefined): AdapterEnd {
    const reason = breakerReason(untilMs, scope.run.world.clock.monotonicMs())
    if (scope.run.durable !== undefined) {
      const skipped = skippedResult(this.node.name, this.path, reason)
      keepLeaf(scope, skipped)
      recordStep(scope, ADAPTER_NODE, skipped)
    }
    return { kind: 'refused', reason }
  }

  /** Records a change of the adapter's circuit breaker. */
  #note(scope: Scope, attempt: number, transition: BreakerTransition | undefined): void {
    if (transition === undefined) return
    const { from, to } = transition
    recordEvent(scope, this.path, 'breaker', { adapter: this.node.name, attempt, from, to })
  }

  /** Keeps and records what the adapter came to, once the hooks have seen it. */
  #told(scope: Scope, progress: Progress, result: StepResult): AdapterEnd | Promise<AdapterEnd> {
    const { durable, hooks } = scope.run
    if (durable !== undefined) keepLeaf(scope, result)
    if (hooks === undefined || !progress.announced)
      return { kind: 'ended', result: recordStep(scope, ADAPTER_NODE, result) }
    return hooks.afterStep(result, scope).then((after) => {
      const ended = withStop({ ...after, metadata: result.metadata }, stopOf(after))
      return { kind: 'ended', result: recordStep(scope, ADAPTER_NODE, ended) }
    })
  }
}

function progressAfter({ attempts, interrupted, usage, latencyMs }: Before, scope: Scope): Progress {
  const startedMs = scope.continuesMs - latencyMs
  return { startedMs, interrupted, announced: false, tries: [], attempts, usage, delayMs: 0, latencyMs: 0 }
}

/** The settlement once a durable run has what it needs to keep it; a failure when that cannot be had. */
function committed(
  scope: Scope,
  attempt: TaskAttempt,
  completed: Settlement & { kind: 'completed' },
): Settlement {
  try {
    commitLeaf(scope, attempt, completed.output)
    return completed
  } catch (thrown) {
    return thrownAs(thrown)
  }
}

function spentOf({ continuesMs }: Scope, { startedMs, attempts, usage }: Progress): Spent {
  return { attempts, latencyMs: continuesMs - startedMs, usage }
}
