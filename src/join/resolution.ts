import type { Occasion } from './decision.ts'
import type { JoinSpec } from './join-spec.ts'
import type { Collisions } from './merge-outputs.ts'

/** A token that came to a join. */
export interface Arrived {
  readonly branch: string
  readonly tokenId: string
  /** What it brought. */
  readonly value: unknown
  /** Milliseconds since the join was opened. */
  readonly offsetMs: number
}

/** A branch that can no longer come. */
export interface LostBranch {
  readonly branch: string
  readonly reason: string
}

/** What a join of one item came to: everything there is to record, as data. */
export interface Resolution {
  readonly join: JoinSpec
  readonly item: string
  readonly status: 'merged' | 'failed'
  /** Why it failed; `null` when it merged. */
  readonly reason: string | null
  /** What decided it; `abandoned` when nobody waits for it any more. */
  readonly by: Occasion | 'abandoned'
  /** In the order of arrival. */
  readonly arrived: readonly Arrived[]
  /** Branches that had neither arrived nor been lost, as they are declared. */
  readonly missing: readonly string[]
  readonly lost: readonly LostBranch[]
  readonly openedMs: number
  readonly resolvedMs: number
  /** From the first arrival, or from its opening when nothing arrived. */
  readonly waitedMs: number
  /** Its time limit, only where that is what resolved it. */
  readonly timeoutMs: number | null
  /** What the outputs were merged to; `undefined` when it failed. */
  readonly output: unknown
  /** Of `union`: the fields that several branches gave, with what each gave. */
  readonly collisions: Collisions
}
