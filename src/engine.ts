import { openSqliteAudit } from './audit/sqlite/sqlite-audit.ts'
import type { AuditReader, AuditStore } from './audit/store.ts'
import { kept } from './context/isolate.ts'
import { ConfigurationError } from './base/control.ts'
import { type Begun, DurableRuns, type Recovery } from './resume/durable-runs.ts'
import {
  checkEngineOptions,
  checkResumeOptions,
  checkRunOptions,
  type EngineOptions,
  type ResumeOptions,
  type RunOptions,
  watchingOf,
} from './engine-options.ts'
import type { AnyNode, InputOf, OutputOf } from './nodes/node.ts'
import type { QuotaLimits } from './base/quota-exceeded.ts'
import type { RunResult } from './base/result.ts'
import type { Quota } from './policy/quota.ts'
import { RunQuota } from './policy/run-quota.ts'
import { executeWatched, type Watching, watchRun } from './run/hooks/around.ts'
import { CheckpointCodec, keyBytes } from './run/checkpoint/checkpoint-codec.ts'
import { runResult, startingContext } from './run/edge.ts'
import type { Kinds } from './run/kinds.ts'
import type { Plan } from './run/plan.ts'
import { createPlanner, pauses, planOf, type Planner } from './run/plan-of.ts'
import { runItems } from './items/run-items.ts'
import type { RunAllResult } from './items/run-all-result.ts'
import { checkRunAllOptions, checkSource, itemSettingsOf, type RunAllOptions } from './run-all-options.ts'
import { Run } from './run/run.ts'
import { followSignal, Scope } from './run/scope.ts'
import { atEdge, statusOfStop, stopOf } from './run/stop.ts'
import { recordEnd, recordStart } from './run/trail.ts'
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
  readonly #durable: DurableRuns

  constructor(options: EngineOptions, planner: Planner) {
    this.#planOf = planner
    this.#world = options.world ?? systemWorld()
    this.#quota = options.quota
    this.#watching = watchingOf(options)
    const { audit } = options
    if (typeof audit === 'string')
      this.#opened = openSqliteAudit(audit, { clock: this.#world.clock, redact: options.redact })
    this.#store = typeof audit === 'string' ? this.#opened : audit
    this.#durable = new DurableRuns({
      world: this.#world,
      store: this.#store,
      planOf: planner,
      running: this.#running,
      codec: new CheckpointCodec(keyBytes(options.checkpointKey)),
      keepCheckpoints: options.keepCheckpoints ?? false,
      pipelines: options.pipelines ?? [],
      toEnd: (begun) => this.#toEnd(begun),
    })
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
  run<N extends AnyNode>(node: N, input: InputOf<N>, options?: RunOptions): Promise<RunResult<OutputOf<N>>> {
    // Not `async`: one function more that waits would cost a short run a tenth.
    try {
      return this.#run(node, input, options) as Promise<RunResult<OutputOf<N>>>
    } catch (thrown) {
      return Promise.reject(thrown)
    }
  }

  /**
   * Goes on with a paused run: its approval gives `input`, and what completed before does not run again. Works in another
   * process than the one that paused it, with the same store and the pipeline among `pipelines`.
   *
   * @param input the answer; judged by the approval's schema
   * @returns what became of the run, which may be paused again
   * @throws ResumeError when the run is not paused, somebody is at work on it, the answer is refused, or `at` is needed;
   *   then nothing has changed
   * @throws ConfigurationError when its pipeline is not known or has another shape by now
   * @throws UnreadableCheckpointError for another `checkpointKey`, or a checkpoint that is damaged
   *
   * @example
   * const paused = await engine.run(article, 'tides')
   * if (paused.status === 'paused') await engine.resume(paused.runId, true)
   */
  async resume(runId: string, input?: unknown, options: ResumeOptions = {}): Promise<RunResult> {
    return await this.#durable.resume(runId, input, checkResumeOptions(options))
  }

  /**
   * Carries on every durable run of the audit trail that has no end and nobody at work on it: what a process left that
   * was killed. What completed does not run again; an attempt that was going on is `interrupted`, and made again. Call it
   * when a process comes up. Runs elsewhere whose lease has not run out are left alone.
   *
   * @returns what it did about each of them, when all have come to an end
   * @throws ConfigurationError without an audit trail that can carry runs on
   *
   * @example
   * const engine = createEngine({ audit: './runs.db', pipelines: [article] })
   * for (const { runId, kind } of await engine.recover()) console.log(runId, kind)
   */
  async recover(): Promise<readonly Recovery[]> {
    return await this.#durable.recover()
  }

  #run(node: AnyNode, input: unknown, options: RunOptions = NO_OPTIONS): Promise<RunResult> {
    const plan = this.#planOf(node)
    const checked = options === NO_OPTIONS ? options : checkRunOptions(options)
    const { runId, context, signal, quota, onChunk } = checked
    const id = this.#newRunId(runId)
    if (checked.durable === true || pauses(plan))
      return this.#durable.run(node, id, runId !== undefined, input, checked)
    const run = new Run(id, this.#world, this.#store)
    const scope = new Scope(run, {
      tokenId: run.newTokenId(),
      visit: 1,
      context: startingContext(context),
      abortable: signal !== undefined,
    })
    // Without an audit trail an id that the world made is nothing to confuse, and noting it costs a tenth of a short run.
    const noted = run.recorded || runId !== undefined
    return this.#toEnd({ plan, scope, input: kept(input), isNew: true, noted, signal, quota, onChunk })
  }

  async #toEnd({ plan, scope, input, isNew, noted, signal, quota, onChunk }: Begun): Promise<RunResult> {
    const { run } = scope
    this.#prepare(run, plan, quota, onChunk)
    if (run.durable?.past !== undefined) run.quota?.spentBefore(run.durable.past.usage)
    const unfollow = signal === undefined ? undefined : followSignal(scope, signal)
    if (noted) this.#running.add(run.id)
    let isOver = false
    try {
      if (isNew) recordStart(scope, plan.node.name, input)
      run.durable?.started()
      // The store refused the run at once, so there is no run.
      if (run.unrecorded !== undefined) throw run.unrecorded
      const result = await executeWatched(plan, input, scope, isNew, (ended) => runResult(scope, plan, ended))
      recordEnd(scope, result)
      const pending = run.committed()
      try {
        if (pending !== undefined) await pending
      } catch (thrown) {
        run.refused(thrown)
      }
      isOver = run.unrecorded === undefined
      const whole = runResult(scope, plan, result)
      const stop = run.unrecorded ?? stopOf(result)
      if (stop === undefined || statusOfStop(stop) !== 'failed') return whole
      throw atEdge(stop, whole)
    } finally {
      unfollow?.()
      run.tracing?.close()
      if (noted) this.#running.delete(run.id)
      if (!isOver) run.durable?.letGo()
    }
  }

  /**
   * Runs a node over every item of a source, each a token of one run. Items are taken as there is room for them; they
   * meet where the pipeline has a `join`. An item that fails is a result like any other, and the others go on.
   *
   * @param source a list, a generator, a stream: what `for await` takes. It is closed when the run ends before it does.
   * @returns what became of the items, once every record is committed. What the source throws ends the run as `failed`,
   *   an abort as `cancelled`, both with what was done.
   * @throws ConfigurationError, QuotaExceededError, AuditError as `run` does; `result` is what was done
   * @throws JoinInvariantError when an item comes to a join with a branch that is unknown, or has come already
   *
   * @example
   * const { totals, feedback } = await engine.runAll(article, ['tides', 'winds'], { key: (topic) => topic })
   */
  async runAll<N extends AnyNode>(
    node: N,
    source: Iterable<InputOf<N>> | AsyncIterable<InputOf<N>>,
    options: RunAllOptions<InputOf<N>, OutputOf<N>> = {},
  ): Promise<RunAllResult<OutputOf<N>>> {
    const plan = this.#planOf(node)
    const checked = checkRunAllOptions(options)
    checkSource(source)
    const id = this.#newRunId(checked.runId)
    const run = new Run(id, this.#world, this.#store)
    this.#prepare(run, plan, checked.quota, checked.onChunk)
    const context = startingContext(checked.context)
    this.#running.add(id)
    try {
      const what = { run, plan, source, context, signal: checked.signal }
      return (await runItems(what, itemSettingsOf(checked))) as RunAllResult<OutputOf<N>>
    } finally {
      run.tracing?.close()
      this.#running.delete(id)
    }
  }

  #prepare(run: Run, plan: Plan, quota: RunOptions['quota'], onChunk: RunOptions['onChunk']): void {
    if (this.#quota !== undefined || quota !== undefined) run.quota = RunQuota.of(this.#quota, quota)
    if (onChunk !== undefined) run.onChunk = onChunk
    watchRun(run, plan, this.#watching)
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
