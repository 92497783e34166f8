import type { Status } from '../base/result.ts'

/**
 * What a store adds that can carry runs on: exact values beside the trail, and who is at work on which run.
 *
 * A checkpoint is opaque here. It is committed in one transaction with what its run appended in the same turn.
 *
 * @example
 * const canCarryOn = (store: AuditStore): boolean => store.durable !== undefined
 */
export interface DurableStore {
  /**
   * Says that the run whose start is appended next is durable: this store's lease on it is written with its start.
   * @param keep the run's checkpoints stay when it ends
   */
  lease(runId: string, keep: boolean): void
  /**
   * Takes a run that nobody is at work on, in one transaction; of two that try at once, one gets it. The run's status
   * is `running` from then on.
   * @param from what its status has to be
   */
  claim(runId: string, from: 'paused' | 'running', keep: boolean): Promise<Claim>
  /** Gives a run back that has not ended here. Its checkpoints stay. */
  release(runId: string): void
  /** Adds a checkpoint to the current group. @throws AuditError as `append` does */
  save(runId: string, key: string, data: Uint8Array): void
  /** The committed checkpoints of a run, in the order they were saved. */
  checkpoints(runId: string): readonly Checkpoint[]
  /**
   * Runs without an end: all durable ones, oldest first, then the others; of those 10 000 at most. Paused ones have an end.
   */
  unfinished(): readonly UnfinishedRun[]
}

/** @example const bytes = (checkpoints: readonly Checkpoint[]): number => checkpoints.reduce((sum, { data }) => sum + data.length, 0) */
export interface Checkpoint {
  /** Unique in its run. */
  readonly key: string
  readonly data: Uint8Array
}

/** What became of an attempt to take a run. */
export type Claim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'unknown' }
  /** It has another status than it was expected to have. */
  | { readonly kind: 'status'; readonly status: Status | 'running' }
  /** It has no checkpoints, so nothing can be carried on. */
  | { readonly kind: 'not-durable' }
  | LiveRun

/** Somebody is at work on the run. */
export interface LiveRun {
  readonly kind: 'alive'
  /** Who, for people: `process 4711 on build-7`. */
  readonly by: string
}

export interface UnfinishedRun {
  readonly runId: string
  readonly pipeline: string
  readonly state: LiveRun | { readonly kind: 'not-durable' } | { readonly kind: 'dead' }
}

/** Runs listed as unfinished that nobody can carry on; as many as a list of runs shows. */
export const UNFINISHED_MAX = 10_000
