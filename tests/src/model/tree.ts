/*
 * A pipeline as data: what random trees are made of, what the engine's nodes are built of, and what the reference
 * interpreter reads. Names are unique in a tree.
 */

export type Tree = StepTree | PipelineTree | FallbackTree | ChooseTree | LoopTree | ParallelTree

/** What one call of a step's function does: it writes and meters, takes its time, and then returns or throws. */
export interface Script {
  readonly ms: number
  readonly throws: boolean
  readonly tokens: number
  readonly writes: readonly Write[]
}

/** `list` keys are only appended to, others only set: what a list that is both comes to is another test's. */
export type Write =
  | { readonly kind: 'append'; readonly key: 'list' | 'log' }
  | { readonly kind: 'set'; readonly key: 'a' | 'b'; readonly value: number }

export interface StepTree {
  readonly kind: 'step'
  readonly name: string
  /** By call; the last one goes on. */
  readonly scripts: readonly Script[]
  readonly retries: number
  readonly backoffMs: number
  readonly timeoutMs: number | undefined
}

export interface PipelineTree {
  readonly kind: 'pipeline'
  readonly name: string
  readonly nodes: readonly Tree[]
}

export interface FallbackTree {
  readonly kind: 'fallback'
  readonly name: string
  /** No fallback itself. */
  readonly primary: Tree
  readonly to: Tree
}

export interface ChooseTree {
  readonly kind: 'choose'
  readonly name: string
  readonly branches: readonly Tree[]
  /** The place of a branch, or what a selector can do wrong. */
  readonly pick: number | 'unknown' | 'throws'
  readonly otherwise: Tree | undefined
  /** What the selector takes; it hears of no abort. */
  readonly decideMs: number
}

/** By the number of the iteration in which something happens; 0 is never. */
export interface LoopTree {
  readonly kind: 'loop'
  readonly name: string
  readonly body: Tree
  readonly max: number
  readonly metAt: number
  readonly untilThrowsAt: number
  readonly initial: Mapping
  readonly next: Mapping
  readonly nextThrowsAt: number
  readonly output: Mapping
  /** What `until` takes, and each mapper that there is. */
  readonly decideMs: number
}

export type Mapping = 'none' | 'maps' | 'throws'

export interface ParallelTree {
  readonly kind: 'parallel'
  readonly name: string
  readonly branches: readonly Tree[]
  readonly mode: 'cancel' | 'collect' | 'ignore'
  readonly merge: 'error-on-conflict' | 'overwrite' | 'keep-first' | 'none'
}

/** What a mapper makes of a value. */
export const mapped = (value: unknown): unknown => ({ mapped: value })

/** The key of a branch. */
export const branchKey = (index: number): string => `b${index}`
