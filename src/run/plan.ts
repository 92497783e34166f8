import type { StepResult } from '../base/result.ts'
import type { AnyNode } from '../nodes/node.ts'
import type { Scope } from './scope.ts'

/**
 * A node at its place in the tree it is run in.
 *
 * Plans are objects that execute themselves rather than data for one big interpreter: every frame between the caller
 * and a step's function is captured, and paid for, with each error that function throws.
 */
export interface Plan {
  readonly node: AnyNode
  /** Names from the root joined by `/`, unique in the tree. */
  readonly path: string
  /** True when the plans inside it run side by side, and what it gives is of them all. */
  readonly sideBySide?: boolean
  /** The plans inside it, in the order they were declared. */
  children(): readonly PlannedChild[]
  /** The results a person reads as this node's history: what it ran in sequence, else itself. */
  history(result: StepResult): readonly StepResult[]
  /**
   * Runs the node and everything below it.
   * @param hasFallback a fallback follows when the node fails, so it is expected to throw
   * @returns the node's result, whatever became of it; what ends the whole run goes with it (see `stopOf`)
   */
  execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult>
}

/** A plan inside another one. */
export interface PlannedChild {
  /** Its key among its parent's results: of siblings with one name the second is `name#2`, and so on. */
  readonly key: string
  readonly plan: Plan
}

/** A kind of node: makes the plan of one at its place. */
export interface Kind {
  /** The events its plans write to the audit trail. */
  readonly events: readonly string[]
  /** A run with one of these can be paused, so it has to be durable. */
  readonly pauses?: boolean
  new (node: never, path: string, children: readonly PlannedChild[]): Plan
}
