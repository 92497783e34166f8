import { isolate, kept } from '../../context/isolate.ts'
import { InputError } from '../../base/errors.ts'
import type { StepNode } from '../../nodes/step.ts'
import { validate } from '../../policy/validate.ts'
import { addUsage, NO_USAGE, type StepResult, type Usage } from '../../base/result.ts'
import { describeThrown, serializeError } from '../../base/serialize-error.ts'
import { Attempt } from './attempt.ts'
import { attemptPlainly, racePlainly } from './plain-attempt.ts'
import { commitLeaf, keepLeaf, leafBefore } from './kept-leaf.ts'
import { finalLoss, nextDelayMs } from './next-attempt.ts'
import type { Reservation } from '../../policy/run-quota.ts'
import { type Before, NOTHING_BEFORE } from '../checkpoint/past.ts'
import { untilPaused } from '../pausing.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { completedResult, failedResult, type Spent, stoppedResult } from '../results.ts'
import { reconcile, reserve } from './reserve.ts'
import type { Scope } from '../scope.ts'
import { callThrough, type Lost, raced, type Settlement, thrownAs } from './settle.ts'
import { chunksOf, gather, isStream } from './stream.ts'
import { statusOfStop, type Stop } from '../stop.ts'
import { recordAttempt, recordAttemptStart, recordStep } from '../trail.ts'

/** Awaited to continue in a later microtask. */
const settledPromise = Promise.resolve()

/** Where the copy of an input goes. */
const UNCOPIED = Symbol('not copied')

const NO_CHILDREN: readonly PlannedChild[] = []

type AnyStep = StepNode<never, unknown>

/** A step at its place: attempts, waits between them, records. Nothing starts before what led to it is on disk. */
export class StepRunner implements Plan {
  static readonly events = ['late'] as const
  readonly node: AnyStep
  readonly path: string
  /** Where its function is called; one text for all attempts, because each is looked up by it. */
  readonly point: string
  /** Only its function ends its attempts, and nothing judges what that gives. */
  readonly #isPlain: boolean

  constructor(node: AnyStep, path: string) {
    this.node = node
    this.path = path
    this.point = `step:${node.name}`
    this.#isPlain = node.policy.timeoutMs === undefined && node.policy.validate === undefined
  }

  children(): readonly PlannedChild[] {
    return NO_CHILDREN
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const { run } = scope
    if (this.#isPlain && run.isPlain && !hasFallback && scope.aborted === undefined) {
      let own: unknown
      try {
        own = isolate(input)
      } catch {
        // It fails again there, for the step's result.
        return this.#attempt(input, scope, hasFallback, NOTHING_BEFORE)
      }
      return scope.abortable ? racePlainly(this, input, own, scope) : attemptPlainly(this, input, own, scope)
    }
    return run.durable === undefined && run.hooks === undefined
      ? this.#attempt(input, scope, hasFallback, NOTHING_BEFORE)
      : this.#attended(input, scope, hasFallback)
  }

  /** Makes the attempts that are left after a plain one. */
  attemptAgain(input: unknown, scope: Scope, before: Before): Promise<StepResult> {
    return this.#attempt(input, scope, false, before)
  }

  /** What it came to in an earlier life of its run, or the attempts that are left to make. */
  async #attended(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const { durable, hooks } = scope.run
    const before = durable === undefined ? NOTHING_BEFORE : await leafBefore(scope, this.path)
    if (before.result !== undefined) return before.result
    const refused = await hooks?.preStep(this, input, scope)
    if (refused === undefined) return await this.#attempt(input, scope, hasFallback, before)
    return ended(scope, stoppedResult(this.node.name, this.path, refused, before))
  }

  /**
   * Attempts, until one completes or none is left. The stack of a throw that is expected costs a third less with its
   * callers suspended; they stay in it, as `at async …`.
   */
  async #attempt(input: unknown, scope: Scope, hasFallback: boolean, before: Before): Promise<StepResult> {
    const { node, path } = this
    const { run } = scope
    if (hasFallback) await settledPromise
    const startedMs = scope.continuesMs - before.latencyMs
    let attemptStartedMs = scope.continuesMs
    let { usage } = before
    let delayMs = 0
    for (let number = before.attempts + 1; ; number++) {
      if (run.durable !== undefined) recordAttemptStart(scope, this, number)
      const pending = run.committed()
      try {
        if (pending !== undefined) await pending
      } catch (thrown) {
        run.refused(thrown)
      }
      const reserved = this.#reserved(number, input, scope)
      if (isLost(reserved)) return this.#notStarted(reserved, scope, number, usage, startedMs)
      const attempt = new Attempt(scope, this, number)
      if (number > 1 || pending !== undefined) attemptStartedMs = run.world.clock.monotonicMs()
      let output: unknown
      let lost: Lost | undefined
      let mine: unknown = UNCOPIED
      try {
        // A copy of its own: neither a retry, a fallback, the result it came from nor the caller must see it change.
        mine = isolate(input)
        // Called right here where nothing can interrupt it: each frame in between costs every error that is thrown.
        if (node.policy.timeoutMs !== undefined || scope.abortable || run.tracing !== undefined) {
          const settlement = await raced(this, mine, attempt, scope)
          output = outputOf(settlement)
          if (settlement.kind !== 'completed') lost = settlement
        } else {
          const returned = await (run.world.boundary === undefined
            ? node.run(mine as never, attempt)
            : callThrough(run.world.boundary, this, mine, attempt, scope))
          const given = isStream(returned) ? await gather(returned, this, attempt, scope) : returned
          output = kept(given)
          if (node.policy.validate !== undefined) await validate(node.policy.validate, given, attempt)
        }
        if (lost === undefined && reserved?.covers(attempt.usage) !== false)
          commitLeaf(scope, attempt, output)
      } catch (thrown) {
        if (mine === UNCOPIED)
          return this.#notStarted(uncopied(node, thrown, reserved), scope, number, usage, startedMs)
        lost = thrownAs(thrown)
      }
      attempt.end()
      if (reserved !== undefined) lost = reconcile(reserved, attempt, lost, scope)
      scope.continuesMs = run.world.clock.monotonicMs()
      usage = addUsage(usage, attempt.usage)
      if (run.recorded) record(scope, attempt, { input, output, lost }, attemptStartedMs, delayMs)
      const spent = { attempts: number, latencyMs: scope.continuesMs - startedMs, usage }
      if (lost === undefined) return ended(scope, completedResult(node.name, path, output, spent))
      const final = finalLoss(node, number - before.interrupted, lost)
      if (final !== undefined) return this.endedBy(final, spent, scope)
      delayMs = nextDelayMs(node, number - before.interrupted, lost, scope)
      if (delayMs > 0) await scope.sleep(delayMs, `backoff of ${this.point}`)
    }
  }

  /** What an attempt may spend, where that is limited; or why it is not made. */
  #reserved(attempt: number, input: unknown, scope: Scope): Reservation | Lost | Stopped | undefined {
    const { run } = scope
    const signal = scope.aborted ?? run.unrecorded
    if (signal !== undefined) return { kind: 'control', signal }
    return run.quota === undefined ? undefined : reserve(this, attempt, run.quota, input, scope)
  }

  /** The step's result after its last attempt. A pause first lets branches beside it end; one may make it needless. */
  endedBy(last: Lost, spent: Spent, scope: Scope): StepResult | Promise<StepResult> {
    const { node, path } = this
    if (last.kind !== 'control' || statusOfStop(last.signal) !== 'paused')
      return ended(scope, lostResult(last, node.name, path, spent))
    return untilPaused(scope).then((aborted) => {
      scope.continuesMs = scope.run.world.clock.monotonicMs()
      const signal = aborted ?? last.signal
      return ended(scope, stoppedResult(node.name, path, signal, spent))
    })
  }

  /** The step's result when this attempt is not made. */
  #notStarted(
    why: Lost | Stopped,
    scope: Scope,
    attempt: number,
    usage: Usage,
    startedMs: number,
  ): StepResult | Promise<StepResult> {
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    const spent = { attempts: attempt - 1, latencyMs: scope.continuesMs - startedMs, usage }
    return ended(scope, lostResult(why, this.node.name, this.path, spent))
  }
}

/** What the function gave, accepted or refused; `undefined` where it gave nothing. */
function outputOf(settlement: Settlement): unknown {
  return settlement.kind === 'control' ? undefined : settlement.output
}

/** What keeps an attempt from being made that says nothing of the step. */
interface Stopped {
  readonly kind: 'control'
  readonly signal: Stop
}

/** True for what keeps an attempt from being made. */
function isLost(reserved: Reservation | Lost | Stopped | undefined): reserved is Lost | Stopped {
  return reserved !== undefined && 'kind' in reserved
}

function uncopied({ name }: AnyStep, thrown: unknown, reserved: Reservation | undefined): Lost {
  reserved?.settle(NO_USAGE)
  return { kind: 'failed', thrown: new InputError(name, describeThrown(thrown), thrown) }
}

/** The step's result after a last attempt that did not complete, or was not made. */
function lostResult(lost: Lost | Stopped, name: string, path: string, spent: Spent): StepResult {
  return lost.kind === 'control'
    ? stoppedResult(name, path, lost.signal, spent)
    : failedResult(name, path, serializeError(lost.thrown), spent)
}

/** Counts and records a step that came to its end, and hands its result on. */
function ended(scope: Scope, result: StepResult): StepResult | Promise<StepResult> {
  const { run } = scope
  run.steps++
  if (run.durable !== undefined) keepLeaf(scope, result)
  if (run.hooks === undefined) return recordStep(scope, 'step', result)
  return run.hooks.afterStep(result, scope).then((after) => recordStep(scope, 'step', after))
}

function record(
  scope: Scope,
  attempt: Attempt,
  {
    input,
    output,
    lost,
  }: { readonly input: unknown; readonly output: unknown; readonly lost: Lost | undefined },
  startedMs: number,
  delayMs: number,
): void {
  recordAttempt(scope, {
    path: attempt.path,
    step: attempt.step,
    attempt: attempt.attempt,
    status: lost === undefined ? 'completed' : statusOf(lost),
    startedAtMs: startedMs - scope.run.startedMs,
    latencyMs: scope.continuesMs - startedMs,
    delayMs,
    usage: attempt.usage,
    input,
    // Of a stream that broke, what it gave until then.
    output: output === undefined && lost !== undefined ? chunksOf(attempt) : output,
    error: lost === undefined ? null : serializeError(lost.kind === 'control' ? lost.signal : lost.thrown),
  })
}

function statusOf(lost: Lost): 'failed' | 'cancelled' | 'interrupted' {
  if (lost.kind === 'failed') return 'failed'
  const status = statusOfStop(lost.signal)
  // The attempt itself is over: a run that carries on makes another one.
  return status === 'paused' ? 'interrupted' : status
}
