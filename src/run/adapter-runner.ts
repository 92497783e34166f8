import type { LiveAdapter } from '../adapters/live.ts'
import { softFailureOf } from '../adapters/soft-failure.ts'
import type { UseWindow } from '../adapters/statistics.ts'
import { ADAPTER_NODE, adapterUseOf } from '../audit/adapter-uses.ts'
import { InputError } from '../base/errors.ts'
import { addUsage, NO_USAGE, type SerializedError, type StepResult, type Usage } from '../base/result.ts'
import { describeThrown, serializeError } from '../base/serialize-error.ts'
import { isolate } from '../context/isolate.ts'
import type { AdapterNode } from '../nodes/adapter.ts'
import type { BreakerTransition, Permit, Refusal } from '../policy/breaker.ts'
import { finalLoss, nextDelayMs } from './next-attempt.ts'
import type { Plan, PlannedChild } from './plan.ts'
import { completedResult, failedResult, type Spent, stoppedResult } from './results.ts'
import type { Scope } from './scope.ts'
import { raced, type Settlement } from './settle.ts'
import { statusOfStop, type Stop } from './stop.ts'
import { TaskAttempt } from './task-attempt.ts'
import { recordAttempt, recordEvent, recordStep } from './trail.ts'
import { breakerReason, sleepUnlessOpened } from './under-breaker.ts'

const NO_CHILDREN: readonly PlannedChild[] = []

/** One attempt at an adapter, as the route's result tells it. */
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
  /** Where each attempt is noted. */
  readonly tries: RouteAttempt[]
}

/** What an adapter has come to, or why it was given no attempt. */
export type AdapterEnd =
  | { readonly kind: 'ended'; readonly result: StepResult }
  | { readonly kind: 'refused'; readonly reason: string }

/** What has been done for a task at this adapter so far. */
interface Progress {
  readonly startedMs: number
  attempts: number
  usage: Usage
  /** How long was waited before the attempt to come. */
  delayMs: number
  /** How long the attempt took that was made last. */
  latencyMs: number
}

/** An adapter at its place in a route: the attempts at one task, under its circuit breaker. Run by the route's runner. */
export class AdapterRunner implements Plan {
  static readonly events = ['late', 'breaker', 'attempt_failed', 'task_succeeded'] as const
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
    const { run } = scope
    const { breaker } = assignment.live
    const startedMs = scope.continuesMs
    const progress: Progress = { startedMs, attempts: 0, usage: NO_USAGE, delayMs: 0, latencyMs: 0 }
    const ended = (settlement: Settlement): AdapterEnd => this.#ended(scope, assignment, progress, settlement)
    for (;;) {
      // Nothing starts before what led to it is on disk.
      const pending = run.committed()
      try {
        if (pending !== undefined) await pending
      } catch (thrown) {
        run.refused(thrown)
      }
      const stop = scope.aborted ?? run.unrecorded
      if (stop !== undefined) return this.#stopped(scope, progress, stop)
      const mine = copyOf(task, this.node.name)
      if (mine.kind === 'failed') return ended(mine)
      const admission = breaker?.admit()
      if (admission !== undefined && 'kind' in admission) return this.#refused(admission, scope)
      this.#note(scope, progress.attempts + 1, admission?.transition)
      const last = await this.#attempt(
        { task, mine: mine.output },
        scope,
        assignment,
        progress,
        admission?.permit,
      )
      if (last.kind === 'completed') return ended(last)
      const final = finalLoss(this.node, progress.attempts, last)
      // What opened meanwhile has no time for another attempt, and a wait for it would be in vain.
      if (final !== undefined || breaker?.refuses() === true) return ended(final ?? last)
      progress.delayMs = nextDelayMs(this.node, progress.attempts, last, scope)
      if (progress.delayMs > 0)
        await sleepUnlessOpened(scope, progress.delayMs, `backoff of ${this.point}`, breaker)
      if (breaker?.refuses() === true && scope.aborted === undefined) return ended(last)
    }
  }

  /** One invocation, and what it says about the adapter. */
  async #attempt(
    { task, mine }: { readonly task: unknown; readonly mine: unknown },
    scope: Scope,
    { live, taskKey, tries }: Assignment,
    progress: Progress,
    permit: Permit | undefined,
  ): Promise<Settlement> {
    const { run } = scope
    const number = ++progress.attempts
    const attempt = new TaskAttempt(scope, this, number, taskKey)
    const startedMs = run.world.clock.monotonicMs()
    live.inFlight++
    const settlement = judged(await raced(this, mine, attempt, scope))
    live.inFlight--
    attempt.end()
    scope.continuesMs = run.world.clock.monotonicMs()
    progress.latencyMs = scope.continuesMs - startedMs
    progress.usage = addUsage(progress.usage, attempt.usage)
    const { delayMs, latencyMs } = progress
    const status = statusOf(settlement)
    const error = errorOf(settlement)
    tries.push({
      adapter: this.node.name,
      attempt: number,
      status,
      latencyMs,
      delayMs,
      error: error?.message ?? null,
    })
    recordAttempt(scope, {
      path: this.path,
      step: this.node.name,
      attempt: number,
      status,
      startedAtMs: startedMs - run.startedMs,
      latencyMs,
      delayMs,
      usage: attempt.usage,
      input: task,
      output: settlement.kind === 'control' ? undefined : settlement.output,
      error,
    })
    this.#say(scope, number, settlement)
    this.#note(scope, number, verdict(permit, settlement))
    return settlement
  }

  /** The adapter is done with the task, one way or the other. */
  #ended(
    scope: Scope,
    { window, fallback }: Assignment,
    progress: Progress,
    settlement: Settlement,
  ): AdapterEnd {
    if (settlement.kind === 'control') return this.#stopped(scope, progress, settlement.signal)
    const { path } = this
    const { name } = this.node
    const spent = spentOf(scope, progress)
    const result =
      settlement.kind === 'completed'
        ? completedResult(name, path, settlement.output, spent, { fallback, successMs: progress.latencyMs })
        : failedResult(name, path, serializeError(settlement.thrown), spent, { fallback })
    scope.run.steps++
    const kept = recordStep(scope, ADAPTER_NODE, result)
    const use = adapterUseOf(result)
    if (use !== undefined) window.add(use)
    return { kind: 'ended', result: kept }
  }

  #stopped(scope: Scope, progress: Progress, stop: Stop): AdapterEnd {
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    const { name } = this.node
    const result = stoppedResult(name, this.path, stop, spentOf(scope, progress))
    return { kind: 'ended', result: recordStep(scope, ADAPTER_NODE, result) }
  }

  #refused({ untilMs }: Refusal, scope: Scope): AdapterEnd {
    return { kind: 'refused', reason: breakerReason(untilMs, scope.run.world.clock.monotonicMs()) }
  }

  /** Says in people's words what an attempt came to. */
  #say(scope: Scope, attempt: number, settlement: Settlement): void {
    const adapter = this.node.name
    const of = this.node.policy.retries + 1
    if (settlement.kind === 'completed') {
      const text = `Task succeeded on ${adapter} (attempt ${attempt}/${of})`
      recordEvent(scope, this.path, 'task_succeeded', { adapter, attempt, of, level: 'info', text })
    } else if (settlement.kind === 'failed') {
      const error = describeThrown(settlement.thrown)
      const text = `Attempt ${attempt}/${of} failed on ${adapter}: ${error}`
      recordEvent(scope, this.path, 'attempt_failed', { adapter, attempt, of, error, level: 'warn', text })
    }
  }

  /** Records a change of the adapter's circuit breaker. */
  #note(scope: Scope, attempt: number, transition: BreakerTransition | undefined): void {
    if (transition === undefined) return
    const adapter = this.node.name
    const { from, to } = transition
    const text = `Circuit breaker of ${adapter}: ${from} → ${to}`
    recordEvent(scope, this.path, 'breaker', {
      adapter,
      attempt,
      from,
      to,
      level: to === 'open' ? 'warn' : 'info',
      text,
    })
  }
}

/** A copy of its own for each attempt; a failure when there can be none. */
function copyOf(task: unknown, name: string): Exclude<Settlement, { readonly kind: 'control' }> {
  try {
    return { kind: 'completed', output: isolate(task) }
  } catch (thrown) {
    return { kind: 'failed', thrown: new InputError(name, describeThrown(thrown), thrown) }
  }
}

/** What an attempt came to once its result has been asked whether it is a failure. */
function judged(settlement: Settlement): Settlement {
  if (settlement.kind !== 'completed') return settlement
  const failure = softFailureOf(settlement.output)
  return failure === undefined ? settlement : { kind: 'failed', thrown: failure, output: settlement.output }
}

/** Tells the breaker what a call came to; of a call that its caller has ended there is nothing to tell. */
function verdict(permit: Permit | undefined, { kind }: Settlement): BreakerTransition | undefined {
  switch (kind) {
    case 'completed':
      return permit?.succeeded()
    case 'failed':
      return permit?.failed()
    case 'control':
      permit?.released()
      return undefined
  }
}

function spentOf({ continuesMs }: Scope, { startedMs, attempts, usage }: Progress): Spent {
  return { attempts, latencyMs: continuesMs - startedMs, usage }
}

function statusOf(settlement: Settlement): RouteAttempt['status'] {
  if (settlement.kind !== 'control') return settlement.kind
  const status = statusOfStop(settlement.signal)
  // The attempt itself is over: a run that carries on makes another one.
  return status === 'paused' ? 'interrupted' : status
}

function errorOf(settlement: Settlement): SerializedError | null {
  if (settlement.kind === 'completed') return null
  return serializeError(settlement.kind === 'failed' ? settlement.thrown : settlement.signal)
}
