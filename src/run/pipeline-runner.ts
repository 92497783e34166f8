import type { PipelineNode } from '../nodes/node.ts'
import type { StepResult } from '../base/result.ts'
import type { PipelinePart, PipelinePlan } from './plan.ts'
import { recorded, sameEnd, sumSpent } from './results.ts'
import type { Run } from './run.ts'

/** A pipeline at its place: its nodes one after the other, until one does not complete. */
export class PipelineRunner implements PipelinePlan {
  readonly kind = 'pipeline'
  readonly node: PipelineNode<never, unknown>
  readonly path: string
  /** At least one; the builder refuses empty pipelines. */
  readonly parts: readonly PipelinePart[]

  constructor(node: PipelineNode<never, unknown>, path: string, parts: readonly PipelinePart[]) {
    this.node = node
    this.path = path
    this.parts = parts
  }

  async execute(input: unknown, run: Run, hasWayOut: boolean): Promise<StepResult> {
    const children: Record<string, StepResult> = {}
    const results: StepResult[] = []
    let value = input
    // Only the first node is called on its caller's stack.
    let first = hasWayOut
    for (const { key, plan } of this.parts) {
      const result = await plan.execute(value, run, first)
      children[key] = result
      results.push(result)
      if (result.status !== 'completed') break
      value = result.output
      first = false
    }
    const last = results.at(-1)
    if (last === undefined) throw new TypeError(`pipeline '${this.node.name}' has no nodes`)
    return recorded(run, 'pipeline', sameEnd(this.node.name, this.path, last, sumSpent(results), children))
  }
}
