import type { StepResult } from 'shakedown'
import { endIteration, iterationScope } from '../../../src/run/fork.ts'
import type { Plan, PlannedChild } from '../../../src/run/plan.ts'
import { sameEnd, sumSpent } from '../../../src/run/results.ts'
import type { Scope } from '../../../src/run/scope.ts'
import { recordStep } from '../../../src/run/trail.ts'
import type { RepeatNode } from './repeat.ts'

/** Each iteration gets the output of the one before it; the context keeps what completed iterations wrote. */
export class RepeatRunner implements Plan {
  static readonly events = [] as const
  readonly node: RepeatNode<never, unknown>
  readonly path: string
  readonly #children: readonly PlannedChild[]

  constructor(node: RepeatNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    this.node = node
    this.path = path
    this.#children = children
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope): Promise<StepResult> {
    const body = this.#children[0]!.plan
    const results: StepResult[] = []
    let value = input
    for (let round = 1; round <= this.node.times; round++) {
      const iteration = iterationScope(scope, this.path)
      const result = await body.execute(value, iteration, false)
      endIteration(scope, iteration)
      results.push(result)
      if (!result.success) break
      scope.context.commit(iteration.context.changes())
      value = result.output
    }
    const children = Object.fromEntries(results.map((result, index) => [String(index + 1), result]))
    return recordStep(
      scope,
      'repeat',
      sameEnd(this.node.name, this.path, results.at(-1)!, sumSpent(results), children),
    )
  }
}
