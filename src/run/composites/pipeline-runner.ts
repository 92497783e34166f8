import type { PipelineNode } from '../../nodes/pipeline.ts'
import { addUsage, NO_USAGE, type StepResult } from '../../base/result.ts'
import { ByKey } from '../by-key.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { sameEnd, stepAttemptsOf } from '../results.ts'
import type { Scope } from '../scope.ts'
import { recordStep } from '../trail.ts'

/** A pipeline at its place: its nodes one after the other, until one does not complete. */
export class PipelineRunner implements Plan {
  static readonly events = [] as const
  readonly node: PipelineNode<never, unknown>
  readonly path: string
  /** At least one; the builder refuses empty pipelines. */
  readonly #children: readonly PlannedChild[]
  /** A place for each result. */
  readonly #places: readonly (StepResult | undefined)[]
  readonly #byKey: ByKey

  constructor(node: PipelineNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    this.node = node
    this.path = path
    this.#children = children
    this.#places = children.map(() => undefined)
    this.#byKey = new ByKey(children)
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
    // As long as it will be: a list that grows keeps room for seventeen, in each of thousands of runs at once.
    const results = this.#places.slice()
    let ran = 0
    let last: StepResult | undefined
    let value = input
    // Only the first node is called on its caller's stack.
    let first = hasFallback
    let attempts = 0
    let latencyMs = 0
    let usage = NO_USAGE
    // By index: an iterator of an async function is kept, with what it gives, across each wait.
    for (let index = 0; index < this.#children.length; index++) {
      const child = this.#children[index]
      if (child === undefined) break
      last = await child.plan.execute(value, scope, first)
      results[ran++] = last
      attempts += stepAttemptsOf(last)
      latencyMs += last.latencyMs
      usage = addUsage(usage, last.usage)
      if (last.status !== 'completed') break
      value = last.output
      first = false
    }
    if (last === undefined) throw new TypeError(`pipeline '${this.node.name}' has no nodes`)
    const { name } = this.node
    const whole = sameEnd(name, this.path, last, { attempts, latencyMs, usage }, this.#byKey.of(results, ran))
    return recordStep(scope, 'pipeline', whole)
  }
}
