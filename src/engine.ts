import { openSqliteAudit } from './audit/sqlite/sqlite-audit.ts'
import type { AuditReader, AuditStore } from './audit/store.ts'
import { kept } from './context/isolate.ts'
import { RunContext } from './context/run-context.ts'
import { ConfigurationError } from './base/control.ts'
import {
  checkEngineOptions,
  checkRunOptions,
  type EngineOptions,
  type RunOptions,
  watchingOf,
} from './engine-options.ts'
import type { AnyNode, InputOf, OutputOf } from './nodes/node.ts'
import { anyHooks } from './nodes/pipeline.ts'
import type { QuotaLimits } from './base/quota-exceeded.ts'
import type { RunResult, StepResult } from './base/result.ts'
import type { Quota } from './policy/quota.ts'
import { RunQuota } from './policy/run-quota.ts'
import { executeWatched, type Watching, watchRun } from './run/around.ts'
import type { Plan } from './run/plan.ts'
import { resultOfRun, stepAttemptsOf } from './run/results.ts'
import type { Kinds } from './run/kinds.ts'
import { createPlanner, planOf, type Planner } from './run/plan-of.ts'
import { Run } from './run/run.ts'
import { followSignal, Scope } from './run/scope.ts'
import { atEdge, statusOfStop, stopOf } from './run/stop.ts'
import { recordEnd, recordStart } from './run/trail.ts'
import { describeThrown } from './base/serialize-error.ts'
import { systemWorld } from './world/system-world.ts'
import type { World } from './world/world.ts'

const NO_OPTIONS: RunOptions = {}

/**
 * Runs pipelines. Its inside is private and its methods cannot be patched: a test that replaced them would prove
 * nothing. Script what happens at its boundary instead (`shakedown/harness`).
 *
 * @example
 * const articles = (engine: Engine, topics: readonly string[]) =>
 *   Promise.all(topics.map((topic) => engine.run(article, topic)))
 */
class Engine {
  readonly #world: World
  readonly #store: AuditStore | undefined
  /** The store this engine opened, and closes. */
  readonly #opened: AuditStore | undefined
  /** The ids of the runs going on. */
  readonly #running = new Set<string>()
  readonly #planOf: Planner
  readonly #quota: Quota | QuotaLimits | undefined
  readonly #watching: Watching | undefined

  constructor(options: EngineOptions, planner: Planner) {
    this.#planOf = planner
    this.#world = options.world ?? systemWorld()
    this.#quota = options.quota
    this.#watching = watchingOf(options)
    const { audit } = options
    if (typeof audit === 'string') this.#opened = openSqliteAudit(audit, { clock: this.#world.clock })
    this.#store = typeof audit === 'string' ? this.#opened : audit
    Object.freeze(this)
  }

  /** True for what `createEngine` of this copy made: not a copy, a proxy or a subclass of it. */
  static isGenuine(value: unknown): value is Engine {
    return (
      typeof value === 'object' &&
      value !== null &&
      #world in value &&
      Object.getPrototypeOf(value) === Engine.prototype
    )
  }

  /** The audit trail for reading; `undefined` without one. */
  get audit(): AuditReader | undefined {
    return this.#store
  }

  /**
   * Runs a node over one input. The run works on a copy of it, made before this returns: what the caller changes in it
   * later changes nothing. Functions and instances of classes in it are shared.
   *
   * @returns what became of it: a failed or cancelled run is a result, not an exception. With an audit trail, the
   *   result is handed out only once every record of the run is committed.
   * @throws ConfigurationError for something that is not a node, for an option that can never work, and when a step
   *   throws one; then its `result` is the partial one
   * @throws QuotaExceededError when it would spend, or has spent, more than its quota; its `result` is the partial one
   * @throws AuditError when the audit trail could not be written; its `result` is what the run came to
   *
   * @example
   * const result = await engine.run(article, 'tides', { signal })
   * if (!result.success) console.error(result.feedback)
   */
  async run<N extends AnyNode>(
    node: N,
    input: InputOf<N>,
    options?: RunOptions,
  ): Promise<RunResult<OutputOf<N>>> {
    const plan = this.#planOf(node)
    const { runId, context, signal, quota } = options === undefined ? NO_OPTIONS : checkRunOptions(options)
    const id = this.#newRunId(runId)
    const run = new Run(id, this.#world, this.#store)
    if (this.#quota !== undefined || quota !== undefined) run.quota = RunQuota.of(this.#quota, quota)
    if (this.#watching !== undefined || anyHooks()) watchRun(run, plan, this.#watching)
    const scope = new Scope(run, {
      tokenId: run.newTokenId(),
      visit: 1,
      context: startingContext(context),
      abortable: signal !== undefined,
    })
    const own = kept<unknown>(input)
    const unfollow = signal === undefined ? undefined : followSignal(scope, signal)
    // Without an audit trail an id that the world made is nothing to confuse, and noting it costs a tenth of a short run.
    const noted = run.recorded || runId !== undefined
    if (noted) this.#running.add(id)
    try {
      recordStart(scope, node.name, own)
      // The store refused the run at once, so there is no run.
      if (run.unrecorded !== undefined) throw run.unrecorded
      const result = await executeWatched(plan, own, scope, (ended) => runResult(scope, plan, ended))
      recordEnd(scope, result)
      const pending = run.committed()
      try {
        if (pending !== undefined) await pending
      } catch (thrown) {
        run.refused(thrown)
      }
      const whole = runResult(scope, plan, result)
      const stop = run.unrecorded ?? stopOf(result)
      if (stop === undefined || statusOfStop(stop) !== 'failed') return whole as RunResult<OutputOf<N>>
      throw atEdge(stop, whole)
    } finally {
      unfollow?.()
      if (noted) this.#running.delete(id)
    }
  }

  #newRunId(given: string | undefined): string {
    const id = given ?? this.#world.nextId('run')
    if (this.#running.size > 0 && this.#running.has(id)) {
      throw new ConfigurationError(
        `Expected \`runId\` of engine.run to be a new id, got '${id}', which is the id of a run that is still going on.`,
        { hint: 'Leave `runId` out to get a new one.' },
      )
    }
    return id
  }

  /** Commits what is left and closes the audit trail, if this engine opened it. */
  async close(): Promise<void> {
    await this.#opened?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

Object.freeze(Engine.prototype)

export type { Engine }

/**
 * An engine that runs pipelines.
 *
 * @throws AuditError when the audit file cannot be used
 *
 * @example
 * const engine = createEngine({ audit: './runs.db' })
 * const result = await engine.run(article, 'tides')
 * await engine.close()
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return new Engine(checkEngineOptions(options), planOf)
}

/** An engine that runs the kinds of node of another table. Internal: what a kind may do is not published. */
export function createEngineOf(kinds: Kinds, options: EngineOptions = {}): Engine {
  return new Engine(checkEngineOptions(options), createPlanner(kinds))
}

/**
 * True for an engine made by `createEngine` and nothing else: spies, proxies and look-alikes are not.
 *
 * @example
 * isGenuineEngine(createEngine()) // true
 * isGenuineEngine(new Proxy(createEngine(), {})) // false
 */
export function isGenuineEngine(value: unknown): value is Engine {
  return Engine.isGenuine(value)
}

function startingContext(given: RunOptions['context']): RunContext {
  try {
    return new RunContext(given)
  } catch (cause) {
    throw new ConfigurationError(
      `Expected \`context\` of engine.run to be plain data that can be copied: ${describeThrown(cause)}`,
      { cause },
    )
  }
}

function runResult({ run, context }: Scope, plan: Plan, result: StepResult): RunResult {
  return resultOfRun(result, {
    runId: run.id,
    context: context.snapshot(),
    history: plan.history(result),
    totals: {
      steps: run.steps,
      attempts: stepAttemptsOf(result),
      latencyMs: result.latencyMs,
      usage: result.usage,
    },
  })
}
