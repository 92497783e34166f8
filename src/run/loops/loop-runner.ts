import type { StepResult } from '../../base/result.ts'
import type { LoopNode } from '../../nodes/loop.ts'
import { LoopRun } from './loop-run.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import type { Scope } from '../scope.ts'
import { recordStep } from '../trail.ts'

/** A loop at its place. */
export class LoopRunner implements Plan {
  static readonly events = ['iteration'] as const
  readonly node: LoopNode<never, unknown>
  readonly path: string
  readonly #children: readonly PlannedChild[]
  readonly #body: Plan

  constructor(node: LoopNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    const [body] = children
    if (body === undefined) throw new TypeError(`loop '${node.name}' has no body`)
    this.node = node
    this.path = path
    this.#children = children
    this.#body = body.plan
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope): Promise<StepResult> {
    const { name, policy } = this.node
    const going = { name, where: `loop '${name}'`, path: this.path, body: this.#body, policy }
    return recordStep(scope, 'loop', await new LoopRun(going, scope).run(input))
  }
}
