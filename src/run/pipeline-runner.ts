import type { PipelineNode } from '../nodes/pipeline.ts'
import type { StepResult } from '../base/result.ts'
import type { Plan, PlannedChild } from './plan.ts'
import { sameEnd, sumSpent } from './results.ts'
import type { Scope } from './scope.ts'
import { recordStep } from './trail.ts'

/** A pipeline at its place: its nodes one after the other, until one does not complete. */
export class PipelineRunner implements Plan {
  static readonly events = [] as const
  readonly node: PipelineNode<never, unknown>
  readonly path: string
  /** At least one; the builder refuses empty pipelines. */
  readonly #children: readonly PlannedChild[]

  constructor(node: PipelineNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    this.node = node
    this.path = path
    this.#children = children
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  /** By the plan, not by the object's own order: keys that look like numbers would come first. */
  history(result: StepResult): readonly StepResult[] {
    return this.#children.flatMap(({ key }) => result.children[key] ?? [])
  }

  async execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const children: Record<string, StepResult> = {}
    const results: StepResult[] = []
    let value = input
    // Only the first node is called on its caller's stack.
    let first = hasFallback
    for (const { key, plan } of this.#children) {
      const result = await plan.execute(value, scope, first)
      children[key] = result
      results.push(result)
      if (result.status !== 'completed') break
      value = result.output
      first = false
    }
    const last = results.at(-1)
    if (last === undefined) throw new TypeError(`pipeline '${this.node.name}' has no nodes`)
    return recordStep(
      scope,
      'pipeline',
      sameEnd(this.node.name, this.path, last, sumSpent(results), children),
    )
  }
}
