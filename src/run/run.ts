import type { AuditRecord } from '../audit/records.ts'
import type { AuditReader, AuditStore } from '../audit/store.ts'
import { AuditError } from '../base/errors.ts'
import { NO_USAGE, type Usage } from '../base/result.ts'
import type { RunQuota } from '../policy/run-quota.ts'
import type { OnChunk } from '../policy/stream-policy.ts'
import { describeThrown } from '../base/serialize-error.ts'
import type { HookCaller, RecordWatcher } from './watching.ts'
import type { RunTracing } from '../telemetry/tracing.ts'
import type { World } from '../world/world.ts'
import type { Durable } from './checkpoint/durable.ts'

/** What a token is forked for. */
export interface ForkPart {
  /** The branch of a parallel node. */
  readonly branch?: string
  /** The item of a source of many. */
  readonly item?: string
}

/** What all tokens of one run share: its world and its audit trail. */
export class Run {
  readonly id: string
  readonly world: World
  readonly startedMs: number
  /** Set for a durable run: it keeps what it comes to, and may have come to something in an earlier life. */
  readonly durable: Durable | undefined
  readonly #store: AuditStore | undefined
  /** Set once the audit trail has refused or lost a record: no more is recorded then, and no attempt starts. */
  unrecorded: AuditError | undefined = undefined
  /** What all attempts have metered so far. */
  metered: Usage = NO_USAGE
  /** What its attempts may spend; `undefined` when there is no limit. */
  quota: RunQuota | undefined = undefined
  /** What is called beside its work; `undefined` when nothing is. */
  hooks: HookCaller | undefined = undefined
  /** Its spans; `undefined` when nobody traces. */
  tracing: RunTracing | undefined = undefined
  #watchers: readonly RecordWatcher[] | undefined = undefined
  /** True when somebody reads its records; otherwise none need be made. */
  recorded: boolean
  /** Sees the chunks of the streams that its steps give. */
  onChunk: OnChunk | undefined = undefined
  /** Marks that are on record. */
  marks = 0
  /** Steps that came to their end, in all branches and iterations. */
  steps = 0
  #tokens = 0

  constructor(id: string, world: World, store: AuditStore | undefined, durable?: Durable) {
    this.id = id
    this.world = world
    this.startedMs = world.clock.monotonicMs()
    this.durable = durable
    this.#store = store
    this.recorded = store !== undefined
    const past = durable?.past
    if (past === undefined) return
    this.startedMs -= past.elapsedMs(world.clock.wallMs())
    this.#tokens = past.lastToken()
  }

  /** Shows the watcher every record from here on. */
  watch(watcher: RecordWatcher): void {
    this.#watchers = [...(this.#watchers ?? []), watcher]
    this.recorded = true
  }

  /** True when nobody reads its records, and nothing stands between its steps or around their functions. */
  get isPlain(): boolean {
    return (
      !this.recorded &&
      this.quota === undefined &&
      this.hooks === undefined &&
      this.world.boundary === undefined
    )
  }

  /** The audit trail, for reading. */
  get audit(): AuditReader | undefined {
    return this.#store
  }

  /** Milliseconds since the run started. */
  elapsedMs(): number {
    return this.world.clock.monotonicMs() - this.startedMs
  }

  /** An id for a new token: `t1` for the root, then `t2` and so on in the order of their creation. */
  newTokenId(): string {
    this.#tokens++
    return `t${this.#tokens}`
  }

  /** The id of the token it begins with. */
  rootTokenId(): string {
    return this.durable?.past?.rootTokenId ?? this.newTokenId()
  }

  /** The id of the token that is forked from another one: the one on record, when the run is carried on. */
  forkedTokenId(parentId: string, { branch, item }: ForkPart): string {
    return this.durable?.past?.forked(parentId, branch ?? null, item ?? null) ?? this.newTokenId()
  }

  /** The id of the token that others are joined to: the one on record, when the run is carried on. */
  joinedTokenId(parentIds: readonly string[]): string {
    return this.durable?.past?.joined(parentIds) ?? this.newTokenId()
  }

  /** Adds a record to the audit trail, if there is one. Never throws: see `unrecorded`. */
  append(record: AuditRecord): void {
    if (this.durable !== undefined && this.durable.holds(record)) return
    if (this.#watchers !== undefined) for (const watcher of this.#watchers) watcher.record(record)
    if (this.#store === undefined || this.unrecorded !== undefined) return
    try {
      this.#store.append(record)
    } catch (thrown) {
      this.refused(thrown)
    }
  }

  /**
   * Settles once everything appended so far is committed; `undefined` when it already is. What it rejects with is for
   * `refused`: a promise of its own that never rejects would be kept by each of thousands of runs that wait.
   */
  committed(): Promise<void> | undefined {
    if (this.#store === undefined || this.unrecorded !== undefined) return undefined
    try {
      return this.#store.committed(this.id)
    } catch (thrown) {
      this.refused(thrown)
      return undefined
    }
  }

  /** The audit trail has refused or lost a record: see `unrecorded`. */
  refused(thrown: unknown): void {
    this.unrecorded ??=
      thrown instanceof AuditError
        ? thrown
        : new AuditError(
            'E_AUDIT_STORE',
            `Expected the audit store to take the records of run ${this.id}, it threw: ${describeThrown(thrown)}`,
            { cause: thrown },
          )
  }
}
