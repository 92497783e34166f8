import type { FallbackNode, PipelineNode, StepNode } from '../nodes/node.ts'
import type { StepResult } from '../base/result.ts'
import type { Run } from './run.ts'

/** A node with its place in the tree it is run in. */
export type Plan = StepPlan | FallbackPlan | PipelinePlan

export interface StepPlan extends Executable {
  readonly kind: 'step'
  readonly node: StepNode<never, unknown>
}

export interface FallbackPlan extends Executable {
  readonly kind: 'fallback'
  readonly node: FallbackNode<never, unknown>
  readonly primary: Plan
  readonly fallbackTo: Plan
}

export interface PipelinePlan extends Executable {
  readonly kind: 'pipeline'
  readonly node: PipelineNode<never, unknown>
  /** At least one; the builder refuses empty pipelines. */
  readonly parts: readonly PipelinePart[]
}

/** One node of a pipeline, with its key among the results. */
export interface PipelinePart {
  readonly key: string
  readonly plan: Plan
}

/**
 * A node at its place in the tree it is run in.
 *
 * Plans are objects that execute themselves rather than data for one big interpreter: every frame between the caller
 * and a step's function is captured, and paid for, with each error that function throws.
 */
interface Executable {
  /** Names from the root joined by `/`, unique in the tree. */
  readonly path: string
  /**
   * Runs the node and everything below it.
   * @param hasWayOut a fallback stands behind it, so it is expected to throw
   * @returns the node's result; a failed or cancelled node is a result too
   * @throws ControlSignal, except an abort
   */
  execute(input: unknown, run: Run, hasWayOut: boolean): Promise<StepResult>
}
