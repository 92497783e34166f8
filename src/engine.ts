import { openSqliteAudit } from './audit/sqlite/sqlite-audit.ts'
import type { AuditReader, AuditStore } from './audit/store.ts'
import { RunContext } from './context/run-context.ts'
import { ConfigurationError, type ControlSignal, isControlSignal } from './base/control.ts'
import type { AnyNode, InputOf, OutputOf } from './nodes/node.ts'
import type { RunResult, StepResult } from './base/result.ts'
import type { Plan } from './run/plan.ts'
import type { Kinds } from './run/kinds.ts'
import { createPlanner, planOf, type Planner } from './run/plan-of.ts'
import { failedResult } from './run/results.ts'
import { Run } from './run/run.ts'
import { followSignal, Scope } from './run/scope.ts'
import { recordEnd, recordStart } from './run/trail.ts'
import { didYouMean } from './base/nearest.ts'
import { describeThrown, serializeError } from './base/serialize-error.ts'
import { systemWorld } from './world/system-world.ts'
import type { World } from './world/world.ts'

export interface EngineOptions {
  /** Where runs are recorded: a SQLite file, or a store of your own, which you close yourself. Default: nowhere. */
  readonly audit?: string | AuditStore | undefined
  /** Default: the system world. */
  readonly world?: World | undefined
}

export interface RunOptions {
  /** Aborts the run: it ends as `cancelled` at once, and so does every signal its steps were given. */
  readonly signal?: AbortSignal | undefined
  /** The context the run starts with; copied. */
  readonly context?: Readonly<Record<string, unknown>> | undefined
  /** Default: a new id of the world. */
  readonly runId?: string | undefined
}

/**
 * Runs pipelines. Its inside is private and its methods cannot be patched: a test that replaced them would prove
 * nothing. Script what happens at its boundary instead (`shakedown/harness`).
 */
class Engine {
  readonly #world: World
  readonly #store: AuditStore | undefined
  readonly #ownsStore: boolean

  readonly #planOf: Planner

  constructor(options: EngineOptions, planner: Planner) {
    this.#planOf = planner
    this.#world = options.world ?? systemWorld()
    this.#ownsStore = typeof options.audit === 'string'
    this.#store =
      typeof options.audit === 'string'
        ? openSqliteAudit(options.audit, { clock: this.#world.clock })
        : options.audit
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
   * Runs a node over one input.
   *
   * @returns what became of it: a failed or cancelled run is a result, not an exception. With an audit trail, the
   *   result is handed out only once every record of the run is committed.
   * @throws ConfigurationError for something that is not a node
   * @throws AuditError when the audit trail could not be written
   *
   * @example
   * const result = await engine.run(article, 'tides', { signal })
   * if (!result.success) console.error(result.feedback)
   */
  async run<N extends AnyNode>(
    node: N,
    input: InputOf<N>,
    options: RunOptions = {},
  ): Promise<RunResult<OutputOf<N>>> {
    const plan = this.#planOf(node)
    checkKeys(options, RUN_OPTIONS, 'engine.run')
    const run = new Run(options.runId ?? this.#world.nextId('run'), this.#world, this.#store)
    const scope = new Scope(run, {
      tokenId: run.newTokenId(),
      visit: 1,
      context: startingContext(options.context),
      abortable: options.signal !== undefined,
    })
    const unfollow = options.signal === undefined ? undefined : followSignal(scope, options.signal)
    try {
      if (run.recorded) recordStart(scope, node.name, input)
      const result = await plan.execute(input, scope, false)
      if (run.recorded) await finish(scope, result)
      return runResult(scope, plan, result) as RunResult<OutputOf<N>>
    } catch (thrown) {
      // A control signal leaves through the edge; its run still gets an end in the audit trail.
      if (run.recorded && isControlSignal(thrown)) await finish(scope, stoppedBy(thrown, plan, run))
      throw thrown
    } finally {
      unfollow?.()
    }
  }

  /** Commits what is left and closes the audit trail, if this engine opened it. */
  async close(): Promise<void> {
    if (this.#ownsStore) await this.#store?.close()
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
  checkKeys(options, ENGINE_OPTIONS, 'createEngine')
  return new Engine(options, planOf)
}

/** An engine that runs the kinds of node of another table. Internal: what a kind may do is not published. */
export function createEngineOf(kinds: Kinds, options: EngineOptions = {}): Engine {
  checkKeys(options, ENGINE_OPTIONS, 'createEngine')
  return new Engine(options, createPlanner(kinds))
}

/** True for an engine made by `createEngine` and nothing else: spies, proxies and look-alikes are not. */
export function isGenuineEngine(value: unknown): value is Engine {
  return Engine.isGenuine(value)
}

const ENGINE_OPTIONS: readonly string[] = ['audit', 'world'] satisfies (keyof EngineOptions)[]
const RUN_OPTIONS: readonly string[] = ['signal', 'context', 'runId'] satisfies (keyof RunOptions)[]

function checkKeys(options: object, known: readonly string[], where: string): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new ConfigurationError(`Unknown option \`${key}\` of ${where}.${didYouMean(key, known)}`)
  }
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

async function finish(scope: Scope, result: StepResult): Promise<void> {
  recordEnd(scope, result)
  await scope.run.committed()
}

function stoppedBy(signal: ControlSignal, plan: Plan, run: Run): StepResult {
  const spent = { ...run.spent, latencyMs: run.elapsedMs() }
  return failedResult(plan.node.name, plan.path, serializeError(signal), spent)
}

function runResult({ run, context }: Scope, plan: Plan, result: StepResult): RunResult {
  const history = plan.history(result)
  return {
    ...result,
    runId: run.id,
    context: context.snapshot(),
    history,
    totals: {
      steps: history.length,
      attempts: result.attempts,
      latencyMs: result.latencyMs,
      usage: result.usage,
    },
  }
}
