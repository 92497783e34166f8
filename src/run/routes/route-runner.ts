import { adaptiveOrder } from '../../adapters/adaptive-order.ts'
import type { LiveAdapter } from '../../adapters/live.ts'
import { lacking, namesFor, type SkippedAdapter, unknownAdapter } from '../../adapters/order.ts'
import { registryParts, type RegistryParts, type Windows } from '../../adapters/registry.ts'
import { ready } from '../../adapters/readiness.ts'
import type { UseWindow } from '../../adapters/statistics.ts'
import type { SerializedError, StepResult } from '../../base/result.ts'
import type { RouteNode } from '../../nodes/route.ts'
import { AdapterRunner } from './adapter-runner.ts'
import type { RouteAttempt } from './assignment.ts'
import { decide } from '../decide.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { completedResult, failedResult, sameEnd, type Spent, stoppedResult, sumSpent } from '../results.ts'
import type { AdapterFailure, RouteMetadata } from './route-facts.ts'
import { type Wishes, wishesOf } from './route-wishes.ts'
import type { Scope } from '../scope.ts'
import { type Stop, stopOf, withStop } from '../stop.ts'
import { taskKeyOf } from './task-attempt.ts'
import { recordEvent, recordStep } from '../trail.ts'
import { breakerReason } from './under-breaker.ts'

/** An adapter that may be tried. */
interface Candidate {
  readonly live: LiveAdapter
  readonly runner: AdapterRunner
  readonly window: UseWindow
}

/** A task on its way through the adapters. */
interface Journey {
  readonly startedMs: number
  order: readonly string[]
  taskType: string | null
  /** The adapter that was chosen for being the least loaded one, until the task is with it. */
  claimed: LiveAdapter | undefined
  readonly skipped: SkippedAdapter[]
  /** What each adapter that was tried has come to. */
  readonly ends: Record<string, StepResult>
}

/** A route at its place: adapters one after the other, until one has done the task. */
export class RouteRunner implements Plan {
  static readonly events = ['adapter_skipped', 'adapter_fallback'] as const
  readonly node: RouteNode<never, unknown>
  readonly path: string
  readonly #children: readonly PlannedChild[]
  readonly #parts: RegistryParts
  readonly #runners: ReadonlyMap<string, AdapterRunner>

  constructor(node: RouteNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    const parts = registryParts(node.registry)
    if (parts === undefined) throw new TypeError(`route '${node.name}' has no registry`)
    this.node = node
    this.path = path
    this.#children = children
    this.#parts = parts
    this.#runners = new Map(
      children.flatMap(({ key, plan }) => (plan instanceof AdapterRunner ? [[key, plan] as const] : [])),
    )
  }

  /** What guards its adapters. */
  get breaker(): RegistryParts['breaker'] {
    return this.#parts.breaker
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(task: unknown, scope: Scope): Promise<StepResult> {
    const startedMs = scope.continuesMs
    const asked = await wishesOf(task, this.node.policy, scope, this.path)
    const journey: Journey = {
      startedMs,
      order: [],
      taskType: null,
      claimed: undefined,
      skipped: [],
      ends: {},
    }
    if (asked.kind === 'stopped') return this.#stopped(scope, journey, asked.stop)
    if (asked.kind === 'failed') return this.#failed(scope, journey, asked.error)
    const taskKey = taskKeyOf(scope, this.path)
    const windows = this.#parts.windowsOf(scope.run.audit ?? scope.run.world)
    let before: StepResult | undefined
    for (const candidate of await this.#candidates(scope, journey, asked.wishes, windows)) {
      const { live, runner, window } = candidate
      // Counted while the task is with it, waits between attempts included: whoever asks for the least loaded one goes by that.
      if (journey.claimed === live) journey.claimed = undefined
      else live.inFlight++
      try {
        const reason = await this.#unfit(live, scope)
        if (scope.aborted !== undefined) return this.#stopped(scope, journey, scope.aborted)
        if (reason !== undefined) {
          this.#skip(scope, journey, live.name, reason)
          continue
        }
        if (before !== undefined) this.#fallBack(scope, before, runner)
        const fallback = before !== undefined
        const end = await runner.give(task, scope, { live, window, taskKey, fallback })
        if (end.kind === 'refused') {
          this.#skip(scope, journey, live.name, end.reason)
          continue
        }
        const { result } = end
        journey.ends[live.name] = result
        if (result.status !== 'failed' || stopOf(result) !== undefined || isUncopyable(result))
          return this.#ended(scope, journey, result)
        before = result
      } finally {
        live.inFlight--
      }
    }
    return this.#exhausted(scope, journey)
  }

  /** The adapters to try, in order; the others are noted with the reason. */
  async #candidates(
    scope: Scope,
    journey: Journey,
    wishes: Wishes,
    windows: Windows,
  ): Promise<readonly Candidate[]> {
    const live = this.#parts.liveIn(scope.run.world)
    const named = namesFor(this.#parts.orders, wishes).flatMap((name): Candidate[] => {
      const each = live.get(name)
      const runner = this.#runners.get(name)
      const window = windows.get(name)
      if (each === undefined || runner === undefined || window === undefined) {
        this.#skip(scope, journey, name, unknownAdapter(name, live.keys()))
        return []
      }
      const reason = lacking(wishes.requires, each.capabilities)
      if (reason !== undefined) this.#skip(scope, journey, name, reason)
      return reason === undefined ? [{ live: each, runner, window }] : []
    })
    const ordered = wishes.explicit === undefined ? await this.#byStrategy(named, journey, scope) : named
    journey.order = ordered.map(({ live: { name } }) => name)
    journey.taskType = wishes.type ?? null
    return ordered
  }

  /** What comes first by what is known now; a run that is carried on goes by what was known then. */
  async #byStrategy(
    named: readonly Candidate[],
    journey: Journey,
    scope: Scope,
  ): Promise<readonly Candidate[]> {
    const { strategy, profile, explorationShare } = this.node.policy
    if (strategy === 'declared') return named
    const order = (): readonly Candidate[] => {
      if (strategy === 'adaptive')
        return adaptiveOrder(
          named,
          ({ window }) => window,
          { profile, explorationShare },
          scope.run.world.random,
        )
      const ordered = named.toSorted((a, b) => a.live.inFlight - b.live.inFlight)
      // Counted at once: a task that chooses at the same moment must see it.
      journey.claimed = ordered[0]?.live
      if (journey.claimed !== undefined) journey.claimed.inFlight++
      return ordered
    }
    if (scope.run.durable === undefined) return order()
    const names = await decide(scope, this.path, 'order by strategy', () =>
      order().map(({ live: { name } }) => name),
    )
    return names.flatMap((name) => named.find(({ live }) => live.name === name) ?? [])
  }

  /** Why an adapter is left out at this moment; costs no time but that of a health check that is due. */
  async #unfit(live: LiveAdapter, scope: Scope): Promise<string | undefined> {
    if (scope.run.durable === undefined) return this.#unfitNow(live, scope)
    return decide(scope, this.path, `whether ${live.name} is fit`, () => this.#unfitNow(live, scope))
  }

  async #unfitNow({ breaker, health }: LiveAdapter, scope: Scope): Promise<string | undefined> {
    const state = breaker?.state
    if (breaker?.refuses() === true)
      return breakerReason(
        state?.kind === 'open' ? state.untilMs : undefined,
        scope.run.world.clock.monotonicMs(),
      )
    const illness = health?.illness(ready)
    if (illness === undefined) return undefined
    const known = typeof illness === 'string' ? illness : await untilAborted(scope, illness)
    scope.continuesMs = scope.run.world.clock.monotonicMs()
    return known === undefined ? undefined : `it is unhealthy: ${known}`
  }

  #skip(scope: Scope, { skipped }: Journey, adapter: string, reason: string): void {
    skipped.push({ adapter, reason })
    recordEvent(scope, this.path, 'adapter_skipped', { adapter, reason })
  }

  #fallBack(scope: Scope, { name: from, feedback }: StepResult, { node: { name: to } }: AdapterRunner): void {
    recordEvent(scope, this.path, 'adapter_fallback', { from, to, feedback })
  }

  /** An adapter has done the task, or ended the run. */
  #ended(scope: Scope, journey: Journey, last: StepResult): StepResult {
    const { name } = this.node
    const spent = spentOn(scope, journey)
    const { ends } = journey
    const result =
      last.status === 'completed'
        ? completedResult(name, this.path, last.output, spent, metadataOf(journey, last.name), ends)
        : { ...sameEnd(name, this.path, last, spent, ends), metadata: metadataOf(journey) }
    return recordStep(scope, 'route', withStop(result, stopOf(last)))
  }

  #exhausted(scope: Scope, journey: Journey): StepResult {
    const { skipped, ends } = journey
    const errors = Object.values(ends).flatMap(({ error }) => error ?? [])
    const tried = Object.values(ends).map((end) => `${end.name}: ${end.feedback}`)
    const left = skipped.map(({ adapter, reason }) => `${adapter} (${reason})`)
    const message = [
      tried.length === 0 ? 'no adapter could be tried' : `all adapters failed: ${tried.join('; ')}`,
      ...(left.length === 0 ? [] : [`skipped: ${left.join('; ')}`]),
    ].join('; ')
    return this.#failed(scope, journey, {
      name: 'AggregateError',
      message,
      code: 'E_ALL_ADAPTERS_FAILED',
      errors,
    })
  }

  #failed(scope: Scope, journey: Journey, error: SerializedError): StepResult {
    const spent = spentOn(scope, journey)
    const metadata = metadataOf(journey)
    return recordStep(
      scope,
      'route',
      failedResult(this.node.name, this.path, error, spent, metadata, journey.ends),
    )
  }

  #stopped(scope: Scope, journey: Journey, stop: Stop): StepResult {
    const result = stoppedResult(this.node.name, this.path, stop, spentOn(scope, journey))
    const whole = { ...result, metadata: metadataOf(journey), children: journey.ends }
    return recordStep(scope, 'route', withStop(whole, stop))
  }
}

/** What was spent on a task at all adapters; the time is that of the whole, health checks included. */
function spentOn(scope: Scope, { startedMs, ends }: Journey): Spent {
  scope.continuesMs = scope.run.world.clock.monotonicMs()
  return { ...sumSpent(Object.values(ends)), latencyMs: scope.continuesMs - startedMs }
}

function metadataOf(
  { order, taskType, skipped, ends }: Journey,
  adapter: string | null = null,
): RouteMetadata & Readonly<Record<string, unknown>> {
  const errors = Object.values(ends).flatMap(({ name, status, feedback }): AdapterFailure[] =>
    status === 'failed' ? [{ adapter: name, message: feedback ?? '' }] : [],
  )
  return {
    adapter,
    fallbackChain: Object.keys(ends),
    totalAttempts: Object.values(ends).reduce((sum, { attempts }) => sum + attempts, 0),
    attempts: Object.values(ends).flatMap(({ metadata: { tries } }) => tries as RouteAttempt[]),
    skipped,
    errors,
    order,
    taskType,
  }
}

/** Nothing ran, because the task is nothing that can be copied; the next adapter would be given the same. */
function isUncopyable({ error, attempts }: StepResult): boolean {
  return attempts === 0 && error?.code === 'E_INPUT'
}

/** What was waited for, or `undefined` as soon as the scope is aborted. */
function untilAborted<T>(scope: Scope, waited: Promise<T>): Promise<T | undefined> {
  if (!scope.abortable) return waited
  return new Promise((resolve, reject) => {
    const end = (): void => {
      scope.offAbort(end)
      resolve(undefined)
    }
    scope.onAbort(end)
    waited
      .then((value) => {
        scope.offAbort(end)
        resolve(value)
      })
      .catch(reject)
  })
}
