import { got } from '../base/got.ts'
import { suggest, nearest } from '../base/nearest.ts'
import {
  COALESCER_CHECKPOINT_VERSION,
  type CoalescerCheckpoint,
  readCheckpoint,
} from './coalescer-checkpoint.ts'
import { JoinInvariantError } from './invariant-error.ts'
import type { JoinSpec } from './join-spec.ts'
import { PendingJoin } from './pending-join.ts'
import { RESOLVED_KEYS_MAX, ResolvedKeys } from './resolved-keys.ts'
import type { Arrived, LostBranch, Resolution } from './resolution.ts'

/** What was told to a coalescer, and what came of it. */
export interface Told {
  /** The join had been resolved before: nothing changes. */
  readonly late: boolean
  readonly resolved: readonly Resolution[]
}

export interface CoalescerOptions {
  /** How many resolved joins it remembers. Default 10 000. */
  readonly resolvedMax?: number
  /** Called once, when it forgets a resolved join for the first time. */
  readonly onForgotten?: () => void
  /** Whether a join that it may have forgotten was resolved. Default: it was not. */
  readonly wasResolved?: (join: string, item: string) => boolean
}

type Joins = ReadonlyMap<string, JoinSpec>

const NOTHING: Told = Object.freeze({ late: false, resolved: Object.freeze([]) })
const LATE: Told = Object.freeze({ late: true, resolved: Object.freeze([]) })

/**
 * Where branches meet. A state machine without a clock: it is told what happens and when, and says what it comes to. Each
 * join of each item is resolved exactly once, at the latest by `flush`; what is recorded, and what becomes of the tokens,
 * is for its owner.
 *
 * An arrival or a loss first fires the time limit of its join, so it does not matter whether a timer or a token that comes
 * at the same moment is heard first.
 */
export class Coalescer {
  readonly #joins: Joins
  /** By join, then by item, in the order they were opened. */
  readonly #pending: ReadonlyMap<string, Map<string, PendingJoin>>
  readonly #resolved: ResolvedKeys
  readonly #options: CoalescerOptions

  /** @param joins in the order in which tokens come to them */
  constructor(joins: readonly JoinSpec[], options: CoalescerOptions = {}) {
    this.#joins = new Map(joins.map((join) => [join.name, join]))
    this.#pending = new Map(joins.map(({ name }) => [name, new Map<string, PendingJoin>()]))
    this.#resolved = new ResolvedKeys(options.resolvedMax ?? RESOLVED_KEYS_MAX)
    this.#options = options
  }

  /** How many joins wait. */
  get pending(): number {
    let sum = 0
    for (const items of this.#pending.values()) sum += items.size
    return sum
  }

  /** The first join, in their order, that waits; `undefined` when none does. */
  get firstPending(): string | undefined {
    for (const [join, items] of this.#pending) if (items.size > 0) return join
    return undefined
  }

  /** When the next time limit is over; `undefined` when there is none. */
  get nextDeadlineMs(): number | undefined {
    let next = Infinity
    // The items of one join have one limit, so the oldest is over first.
    for (const items of this.#pending.values())
      for (const { deadlineMs } of items.values()) {
        next = Math.min(next, deadlineMs)
        break
      }
    return next === Infinity ? undefined : next
  }

  /** A join starts to wait before anything arrives: its clock starts here. Of one that is open already it says nothing. */
  open(join: string, item: string, nowMs: number): void {
    const spec = this.#specOf(join)
    if (!this.#isResolved(join, item)) this.#open(spec, item, nowMs)
  }

  /** @throws JoinInvariantError for an unknown join or branch, and a branch that has arrived or is lost already */
  arrive(join: string, item: string, token: Omit<Arrived, 'offsetMs'>, nowMs: number): Told {
    return this.#tell(join, item, token.branch, nowMs, (pending) =>
      pending.arrive({ ...token, offsetMs: nowMs - pending.openedMs }),
    )
  }

  /** A branch can no longer come. @throws JoinInvariantError as `arrive` does */
  lose(join: string, item: string, lost: LostBranch, nowMs: number): Told {
    return this.#tell(join, item, lost.branch, nowMs, (pending) => pending.lose(lost))
  }

  /** Fires the time limits that are over: at elapsed ≥ limit. */
  advance(nowMs: number): readonly Resolution[] {
    const resolved: Resolution[] = []
    for (const items of this.#pending.values())
      for (const pending of items.values()) {
        const resolution = this.#timedOut(pending, nowMs)
        if (resolution === undefined) break
        resolved.push(resolution)
      }
    return resolved
  }

  /**
   * Nothing more can come: resolves what waits, by its time limit where that is over.
   * @param join only what waits there, because what comes of it may go on to another one
   */
  flush(nowMs: number, join?: string): readonly Resolution[] {
    return this.#end(join, (pending) => this.#timedOut(pending, nowMs) ?? pending.resolve('end', nowMs))
  }

  /** Nobody waits for anything any more: what is pending fails for this reason. */
  abandon(reason: string, nowMs: number): readonly Resolution[] {
    return this.#end(undefined, (pending) => pending.abandon(reason, nowMs))
  }

  /** Everything it knows, for `restore`. */
  checkpoint(nowMs: number): CoalescerCheckpoint {
    const pending: CoalescerCheckpoint['pending'] = []
    for (const items of this.#pending.values())
      for (const { spec, item, openedMs, arrived, lost } of items.values())
        pending.push({
          join: spec.name,
          item,
          openForMs: nowMs - openedMs,
          arrived: [...arrived],
          lost: [...lost],
        })
    return {
      version: COALESCER_CHECKPOINT_VERSION,
      pending,
      resolved: this.#resolved.list().map(([join, item]) => [join, item]),
      resolvedIncomplete: this.#resolved.incomplete,
    }
  }

  /**
   * A coalescer that carries on where another one was: time that went by in between does not count.
   * @throws ShakedownError `E_JOIN_CHECKPOINT` for a checkpoint of another version or of other joins
   * @throws JoinInvariantError for one that says what cannot be true
   */
  static restore(
    joins: readonly JoinSpec[],
    checkpoint: unknown,
    nowMs: number,
    options: CoalescerOptions = {},
  ): Coalescer {
    const coalescer = new Coalescer(joins, options)
    const { pending, resolved, resolvedIncomplete } = readCheckpoint(checkpoint, coalescer.#joins)
    coalescer.#resolved.restore(resolved, resolvedIncomplete)
    // The oldest first, as they were opened.
    for (const { join, item, openForMs, arrived, lost } of pending) {
      const spec = coalescer.#specOf(join)
      const opened = coalescer.#open(spec, item, nowMs - openForMs)
      for (const each of arrived) opened.arrive({ ...each, branch: knownBranch(spec, each.branch) })
      for (const each of lost) opened.lose({ ...each, branch: knownBranch(spec, each.branch) })
    }
    return coalescer
  }

  #tell(
    join: string,
    item: string,
    branch: string,
    nowMs: number,
    what: (pending: PendingJoin) => void,
  ): Told {
    const spec = this.#specOf(join)
    knownBranch(spec, branch)
    if (this.#isResolved(join, item)) return LATE
    const pending = this.#open(spec, item, nowMs)
    const over = this.#timedOut(pending, nowMs)
    if (over !== undefined) return { late: true, resolved: [over] }
    what(pending)
    const resolution = this.#done(pending.resolve('branch', nowMs))
    return resolution === undefined ? NOTHING : { late: false, resolved: [resolution] }
  }

  #open(spec: JoinSpec, item: string, nowMs: number): PendingJoin {
    const items = this.#pending.get(spec.name)
    const known = items?.get(item)
    if (known !== undefined) return known
    const opened = new PendingJoin(spec, item, nowMs)
    items?.set(item, opened)
    return opened
  }

  #isResolved(join: string, item: string): boolean {
    if (this.#pending.get(join)?.has(item) === true) return false
    if (this.#resolved.has(join, item)) return true
    return this.#resolved.incomplete && this.#options.wasResolved?.(join, item) === true
  }

  #timedOut(pending: PendingJoin, nowMs: number): Resolution | undefined {
    return nowMs >= pending.deadlineMs ? this.#done(pending.resolve('timeout', nowMs)) : undefined
  }

  #end(
    join: string | undefined,
    resolve: (pending: PendingJoin) => Resolution | undefined,
  ): readonly Resolution[] {
    const ended: Resolution[] = []
    for (const [name, items] of this.#pending) {
      if (join !== undefined && join !== name) continue
      for (const pending of items.values()) {
        const resolution = this.#done(resolve(pending))
        if (resolution !== undefined) ended.push(resolution)
      }
    }
    return ended
  }

  /** Takes a resolved join out of what waits. Told twice of one, it does nothing. */
  #done(resolution: Resolution | undefined): Resolution | undefined {
    if (resolution === undefined) return undefined
    const { join, item } = resolution
    if (this.#pending.get(join.name)?.delete(item) === true && this.#resolved.add(join.name, item))
      this.#options.onForgotten?.()
    return resolution
  }

  #specOf(join: string): JoinSpec {
    const spec = this.#joins.get(join)
    if (spec === undefined)
      throw new JoinInvariantError(
        `Expected one of the joins ${[...this.#joins.keys()].join(', ')}, got ${got(join)}.${suggest(nearest(join, this.#joins.keys()))}`,
      )
    return spec
  }
}

function knownBranch({ name, branches }: JoinSpec, branch: string): string {
  if (branches.includes(branch)) return branch
  throw new JoinInvariantError(
    `Expected a branch of join '${name}' (${branches.join(', ')}), got ${got(branch)}.${suggest(nearest(branch, branches))}`,
  )
}
