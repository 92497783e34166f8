import { decision, type Occasion } from './decision.ts'
import { JoinInvariantError } from './invariant-error.ts'
import type { JoinSpec } from './join-spec.ts'
import { policyName, timeoutOfPolicy } from './join-policy.ts'
import { mergeOutputs, NO_COLLISIONS } from './merge-outputs.ts'
import type { Arrived, LostBranch, Resolution } from './resolution.ts'

/** One join of one item that has not been resolved: who arrived, who is lost. */
export class PendingJoin {
  readonly spec: JoinSpec
  readonly item: string
  readonly openedMs: number
  /** In the order of arrival. */
  readonly #arrived = new Map<string, Arrived>()
  /** In the order of loss. */
  readonly #lost = new Map<string, LostBranch>()

  constructor(spec: JoinSpec, item: string, openedMs: number) {
    this.spec = spec
    this.item = item
    this.openedMs = openedMs
  }

  /** When its time is over; never without a limit. */
  get deadlineMs(): number {
    return this.openedMs + (timeoutOfPolicy(this.spec.policy) ?? Infinity)
  }

  get arrived(): readonly Arrived[] {
    return [...this.#arrived.values()]
  }

  get lost(): readonly LostBranch[] {
    return [...this.#lost.values()]
  }

  /** @throws JoinInvariantError when the branch has arrived or is lost already */
  arrive(arrived: Arrived): void {
    this.#refuseSecond(arrived.branch, 'arrive', `token ${arrived.tokenId}`)
    this.#arrived.set(arrived.branch, arrived)
  }

  /** @throws JoinInvariantError when the branch has arrived or is lost already */
  lose(lost: LostBranch): void {
    this.#refuseSecond(lost.branch, 'be lost', lost.reason)
    this.#lost.set(lost.branch, lost)
  }

  /** What it comes to now; `undefined` while it goes on waiting. */
  resolve(occasion: Occasion, nowMs: number): Resolution | undefined {
    const { branches, policy, merge } = this.spec
    const lost = [...this.#lost.keys()]
    const decided = decision(
      policy,
      { branches: branches.length, arrived: this.#arrived.size, lost },
      occasion,
    )
    if (decided === undefined) return undefined
    if (decided.status === 'failed') return this.#ended(decided.reason, occasion, nowMs)
    const merged = mergeOutputs(merge, this.#valuesAsDeclared())
    if (merged.kind === 'impossible') return this.#ended(merged.reason, occasion, nowMs)
    return {
      ...this.#ended(null, occasion, nowMs),
      output: merged.output,
      collisions: merged.collisions,
    }
  }

  /** It ends without a decision, because nobody waits for it any more. */
  abandon(reason: string, nowMs: number): Resolution {
    return this.#ended(reason, 'abandoned', nowMs)
  }

  #ended(reason: string | null, by: Resolution['by'], nowMs: number): Resolution {
    const { spec, item, openedMs } = this
    const arrived = this.arrived
    return {
      join: spec,
      item,
      status: reason === null ? 'merged' : 'failed',
      reason,
      by,
      arrived,
      missing: spec.branches.filter((branch) => !this.#arrived.has(branch) && !this.#lost.has(branch)),
      lost: this.lost,
      openedMs,
      resolvedMs: nowMs,
      waitedMs: nowMs - openedMs - (arrived[0]?.offsetMs ?? 0),
      timeoutMs: by === 'timeout' ? (timeoutOfPolicy(spec.policy) ?? null) : null,
      output: undefined,
      collisions: NO_COLLISIONS,
    }
  }

  #valuesAsDeclared(): ReadonlyMap<string, unknown> {
    const values = new Map<string, unknown>()
    for (const branch of this.spec.branches) {
      const arrived = this.#arrived.get(branch)
      if (arrived !== undefined) values.set(branch, arrived.value)
    }
    return values
  }

  #refuseSecond(branch: string, what: string, detail: string): void {
    const first = this.#arrived.get(branch)
    const before = first === undefined ? this.#lost.get(branch)?.reason : `token ${first.tokenId}`
    if (before === undefined) return
    const { name, policy } = this.spec
    throw new JoinInvariantError(
      `Expected branch '${branch}' of join '${name}' (${policyName(policy)}) to ${what} once for item '${this.item}', and not after it ${first === undefined ? 'was lost' : 'arrived'} (${before}); got ${detail}.`,
      { hint: 'Give each meeting a key of its own, and each item of it another branch.' },
    )
  }
}
