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
  /** Every key of the results. */
  readonly #keys: Readonly<Record<string, undefined>>

  constructor(node: PipelineNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    this.node = node
    this.path = path
    this.#children = children
    this.#keys = Object.fromEntries(children.map(({ key }) => [key, undefined]))
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  /** By the plan, not by the object's own order: keys that look like numbers would come first. */
  history(result: StepResult): readonly StepResult[] {
    const ran: StepResult[] = []
    for (const { key } of this.#children) {
      const child = result.children[key]
      if (child !== undefined) ran.push(child)
    }
    return ran
  }

  async execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const results: StepResult[] = []
    let value = input
    // Only the first node is called on its caller's stack.
    let first = hasFallback
    // By index: an iterator of an async function is kept, with what it gives, across each wait.
    for (let index = 0; index < this.#children.length; index++) {
      const child = this.#children[index]
      if (child === undefined) break
      const result = await child.plan.execute(value, scope, first)
      results.push(result)
      if (result.status !== 'completed') break
      value = result.output
      first = false
    }
    const last = results.at(-1)
    if (last === undefined) throw new TypeError(`pipeline '${this.node.name}' has no nodes`)
    const { name } = this.node
    const whole = sameEnd(name, this.path, last, sumSpent(results), this.#byKey(results))
    return recordStep(scope, 'pipeline', whole)
  }

  #byKey(results: readonly StepResult[]): Readonly<Record<string, StepResult>> {
    // A copy of one with every key: key by key, an object outgrows its place again and again.
    const all = results.length === this.#children.length
    const byKey: Record<string, StepResult | undefined> = all ? { ...this.#keys } : {}
    let index = 0
    for (const result of results) {
      const child = this.#children[index++]
      if (child !== undefined) byKey[child.key] = result
    }
    return byKey as Record<string, StepResult>
  }
}
