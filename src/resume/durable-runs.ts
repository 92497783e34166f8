import pLimit from 'p-limit'
import type { DurableStore } from '../audit/durable-store.ts'
import type { AuditStore, RunTrail } from '../audit/store.ts'
import { waitingApprovals } from '../audit/waiting-approvals.ts'
import { ConfigurationError } from '../base/control.ts'
import { didYouMean } from '../base/nearest.ts'
import type { QuotaLimits } from '../base/quota-exceeded.ts'
import type { RunResult } from '../base/result.ts'
import { kept } from '../context/isolate.ts'
import type { ResumeOptions, RunOptions } from '../engine-options.ts'
import type { AnyNode } from '../nodes/node.ts'
import { QuotaPool } from '../policy/quota.ts'
import { type Beginning, type Opened, openCheckpoints, sealBeginning } from '../run/checkpoint/beginning.ts'
import type { CheckpointCodec } from '../run/checkpoint/checkpoint-codec.ts'
import { type Answer, Durable } from '../run/checkpoint/durable.ts'
import { startingContext } from '../run/edge.ts'
import { answerTo, askedApproval } from './answer.ts'
import { checkFingerprint, fingerprintOf } from './fingerprint.ts'
import { Past } from '../run/checkpoint/past.ts'
import type { Plan } from '../run/plan.ts'
import type { Planner } from '../run/plan-of.ts'
import { ResumeError } from './resume-error.ts'
import { notDurable, notPaused, type Refused, unclaimed, unknown } from './refused-claim.ts'
import { checkSamePipeline, checkSameStart } from './same-run.ts'
import { Run } from '../run/run.ts'
import { Scope } from '../run/scope.ts'
import { pauses } from '../run/plan-of.ts'
import { recordInterrupted } from '../run/trail.ts'
import type { World } from '../world/world.ts'

/** Runs carried on at once: each may call out, and a process that comes up should not do everything it missed at once. */
const RECOVERED_AT_ONCE = 16
/** Names listed in a message. */
const NAMED_MAX = 10

/** A run that is ready to go on. */
export interface Begun {
  readonly plan: Plan
  readonly scope: Scope
  readonly input: unknown
  /** Nothing of it is on record yet. */
  readonly isNew: boolean
  /** Its id is refused to others while it is going on. */
  readonly noted: boolean
  readonly signal: AbortSignal | undefined
  readonly quota: RunOptions['quota']
  readonly onChunk: RunOptions['onChunk']
}

/**
 * What `engine.recover` did about one unfinished run.
 *
 * @example
 * const describe = (recovery: Recovery): string =>
 *   recovery.kind === 'carried-on' ? `${recovery.runId}: ${recovery.result.status}` : `${recovery.runId}: ${recovery.kind}`
 */
export type Recovery = { readonly runId: string; readonly pipeline: string } & (
  | { readonly kind: 'carried-on'; readonly result: RunResult }
  /** It was not, or ended with what `engine.run` would have thrown. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** Somebody is at work on it. */
  | { readonly kind: 'alive'; readonly by: string }
  /** It kept no checkpoints. It may be going on elsewhere, or its process was killed. */
  | { readonly kind: 'not-durable' }
)

type Named = Pick<RunTrail, 'runId' | 'pipeline'>

/** What a run that is carried on is given anew: none of it is kept with the run but limits, which it has when none are given. */
type CarryOptions = Pick<RunOptions, 'signal' | 'quota' | 'onChunk'>

/** What durable runs need of their engine. */
export interface Home {
  readonly world: World
  readonly store: AuditStore | undefined
  readonly planOf: Planner
  /** The ids of the runs that go on in it. */
  readonly running: ReadonlySet<string>
  readonly codec: CheckpointCodec
  readonly keepCheckpoints: boolean
  readonly pipelines: readonly AnyNode[]
  /** Takes a run to its end. */
  readonly toEnd: (begun: Begun) => Promise<RunResult>
}

/** The durable runs of an engine: begins them, and carries on what was paused or interrupted. */
export class DurableRuns {
  readonly #home: Home
  /** What runs can be carried on with, by name: given to the engine, or run by it. */
  readonly #pipelines = new Map<string, AnyNode>()

  /** @throws ConfigurationError for two pipelines of one name */
  constructor(home: Home) {
    this.#home = home
    for (const node of home.pipelines) {
      home.planOf(node)
      if (this.#pipelines.has(node.name))
        throw new ConfigurationError(
          `Expected \`pipelines\` of createEngine to have names of their own, got two named '${node.name}'.`,
        )
      this.#pipelines.set(node.name, node)
    }
  }

  /** Begins a durable run, or carries on the one that has its id and was interrupted. */
  async run(
    node: AnyNode,
    runId: string,
    isNamed: boolean,
    input: unknown,
    options: RunOptions,
  ): Promise<RunResult> {
    const { world, store, planOf, codec, keepCheckpoints } = this.#home
    const plan = planOf(node)
    const ledger = this.#ledger(`run '${node.name}'${pauses(plan) ? ', which has an approval,' : ''}`)
    this.#pipelines.set(node.name, node)
    if (isNamed) {
      const trail = store?.trail(runId)
      if (trail?.status === 'paused')
        throw new ResumeError(
          'E_PAUSED',
          `Expected a new id, got '${runId}', which is the id of a paused run.`,
          `Go on with it by engine.resume('${runId}', answer).`,
        )
      if (trail?.status === 'running') {
        checkSamePipeline(runId, trail.pipeline, node.name)
        checkSameStart(runId, this.#opened(runId, plan).beginning, input, options)
        return this.#carryOn(trail, 'running', options)
      }
    }
    const own = kept(input)
    const context = startingContext(options.context)
    const beginning: Beginning = {
      tree: fingerprintOf(plan),
      input: own,
      context: context.snapshot(),
      quota: limitsOf(options.quota),
    }
    const start = sealBeginning(codec, runId, beginning)
    ledger.lease(runId, keepCheckpoints)
    const durable = new Durable({ runId, store: ledger, codec, clock: world.clock, start })
    const run = new Run(runId, world, store, durable)
    const { signal, quota, onChunk } = options
    const scope = new Scope(run, {
      tokenId: run.rootTokenId(),
      visit: 1,
      context,
      abortable: signal !== undefined,
    })
    const begun = { plan, scope, input: own, isNew: true, noted: true }
    return this.#home.toEnd({ ...begun, signal, quota, onChunk })
  }

  /** Goes on with a paused run. */
  async resume(runId: string, input: unknown, { at, ...options }: ResumeOptions): Promise<RunResult> {
    this.#ledger(`resume '${runId}'`)
    if (this.#home.running.has(runId)) throw unclaimed(runId, 'paused', { kind: 'alive', by: 'this engine' })
    const trail = this.#home.store?.trail(runId)
    if (trail === undefined) throw unknown(runId, this.#home.store)
    if (trail.status !== 'paused') throw notPaused(runId, trail.status)
    const plan = this.#planOf(trail)
    this.#opened(runId, plan)
    const asked = askedApproval(runId, waitingApprovals(trail), at)
    // An abort meanwhile leaves no answer: the run is carried on to be cancelled.
    const answer = asked === undefined ? undefined : await answerTo(plan, asked, input, options.signal)
    return this.#carryOn(trail, 'paused', options, answer)
  }

  /** Carries on every unfinished run that nobody is at work on. */
  async recover(): Promise<readonly Recovery[]> {
    const ledger = this.#ledger('recover runs')
    const limit = pLimit(RECOVERED_AT_ONCE)
    const recoveries = await Promise.all(
      ledger.unfinished().map(async ({ runId, pipeline, state }) => {
        const run = { runId, pipeline }
        return state.kind === 'dead' ? await limit(() => this.#recover(run)) : Object.assign(run, state)
      }),
    )
    return recoveries.filter((recovery) => recovery !== undefined)
  }

  /** `undefined` for a run that somebody else has taken to its end, or to a pause, meanwhile. */
  async #recover(run: Named): Promise<Recovery | undefined> {
    const { runId } = run
    try {
      const taken = await this.#take(run, 'running')
      if (taken.kind === 'claimed')
        return { ...run, kind: 'carried-on', result: await this.#goOn(runId, taken.plan, {}) }
      if (taken.kind === 'alive') return { ...run, kind: 'alive', by: taken.by }
      if (taken.kind === 'status') return undefined
      throw unclaimed(runId, 'running', taken)
    } catch (error) {
      return { ...run, kind: 'failed', error }
    }
  }

  async #carryOn(
    run: Named,
    from: 'paused' | 'running',
    options: CarryOptions,
    answer?: Answer,
  ): Promise<RunResult> {
    const taken = await this.#take(run, from)
    if (taken.kind !== 'claimed') throw unclaimed(run.runId, from, taken)
    return await this.#goOn(run.runId, taken.plan, options, answer)
  }

  async #take(run: Named, from: 'paused' | 'running'): Promise<Refused | { kind: 'claimed'; plan: Plan }> {
    const { runId } = run
    const { store, keepCheckpoints } = this.#home
    const status = store?.trail(runId)?.status
    if (status === undefined) return { kind: 'unknown' }
    // One that has ended may have no checkpoints any more; of one that goes on the claim says whose it is.
    if (status !== 'running' && status !== 'paused') return { kind: 'status', status }
    const plan = this.#planOf(run)
    // Before it is taken: another key, another pipeline or a damaged checkpoint changes nothing.
    this.#opened(runId, plan)
    const claim = await this.#ledger(`carry on run '${runId}'`).claim(runId, from, keepCheckpoints)
    return claim.kind === 'claimed' ? { kind: 'claimed', plan } : claim
  }

  /** Takes a run that is this engine's now to its end. */
  async #goOn(runId: string, plan: Plan, options: CarryOptions, answer?: Answer): Promise<RunResult> {
    try {
      return await this.#home.toEnd(this.#begun(runId, plan, options, answer))
    } catch (thrown) {
      // Whatever went wrong: it is nobody's, and may be carried on.
      this.#ledger(`carry on run '${runId}'`).release(runId)
      throw thrown
    }
  }

  /** A run that was taken, as it is now that nobody else can write to it. */
  #begun(runId: string, plan: Plan, options: CarryOptions, answer: Answer | undefined): Begun {
    const { world, store, codec } = this.#home
    const ledger = this.#ledger(`carry on run '${runId}'`)
    const { beginning, checkpoints } = this.#opened(runId, plan)
    const { input, context } = beginning
    const trail = store?.trail(runId)
    if (trail === undefined) throw unknown(runId)
    const past = new Past(trail)
    const carried = { past, checkpoints, answer }
    const durable = new Durable({ runId, store: ledger, codec, clock: world.clock, carried })
    const run = new Run(runId, world, store, durable)
    recordInterrupted(run, past)
    const { signal, quota = beginning.quota, onChunk } = options
    const scope = new Scope(run, {
      tokenId: run.rootTokenId(),
      visit: 1,
      context: startingContext(context),
      abortable: signal !== undefined,
    })
    return { plan, scope, input, isNew: false, noted: true, signal, quota, onChunk }
  }

  /** @throws ConfigurationError when there is no audit trail, or one that cannot carry runs on */
  #ledger(what: string): DurableStore {
    const { store } = this.#home
    if (store?.durable !== undefined) return store.durable
    throw new ConfigurationError(
      store === undefined
        ? `Expected \`audit\` of createEngine to ${what} durably, got none.`
        : `Expected \`audit\` of createEngine to be a store that can ${what} durably, got one without \`durable\`.`,
      { hint: "Give it a SQLite file: createEngine({ audit: './runs.db' })." },
    )
  }

  #planOf({ runId, pipeline }: Named): Plan {
    const node = this.#pipelines.get(pipeline)
    if (node !== undefined) return this.#home.planOf(node)
    const names = [...this.#pipelines.keys()]
    const known = names.length === 0 ? 'none' : names.slice(0, NAMED_MAX).join(', ')
    throw new ConfigurationError(
      `Expected \`pipelines\` of createEngine to have '${pipeline}', the pipeline of run '${runId}', got ${known}.${didYouMean(pipeline, names)}`,
      {
        hint: 'Nothing was changed. Its functions are in your program, not in the file: give them to the engine.',
      },
    )
  }

  /** @throws ResumeError, UnreadableCheckpointError, ConfigurationError when the run cannot be carried on */
  #opened(runId: string, plan: Plan): Opened {
    const saved = this.#ledger(`carry on run '${runId}'`).checkpoints(runId)
    const opened = openCheckpoints(this.#home.codec, runId, saved)
    if (opened === undefined) throw notDurable(runId)
    checkFingerprint(runId, plan, opened.beginning.tree)
    return opened
  }
}

/** The limits of a run by itself; a pool that it shares with others is not kept with it. */
function limitsOf(quota: RunOptions['quota']): QuotaLimits | undefined {
  return quota === undefined || QuotaPool.isGenuine(quota) ? undefined : { ...(quota as QuotaLimits) }
}
