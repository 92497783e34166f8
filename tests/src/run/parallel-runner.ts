import type { StepResult } from 'shakedown'
import { endPart, forkScope, joinParts } from '../../../src/run/fork.ts'
import type { Plan, PlannedChild } from '../../../src/run/plan.ts'
import { completedResult, sameEnd, sumSpent } from '../../../src/run/results.ts'
import type { Scope } from '../../../src/run/scope.ts'
import { recordEvent, recordStep } from '../../../src/run/trail.ts'
import type { ParallelNode } from './parallel.ts'

const SETTLE_MS = 30_000

/** The first branch that does not complete cancels the others and waits for their functions. */
export class ParallelRunner implements Plan {
  static readonly events = ['abandoned'] as const
  readonly node: ParallelNode<never, unknown>
  readonly path: string
  readonly #branches: readonly PlannedChild[]

  constructor(node: ParallelNode<never, unknown>, path: string, branches: readonly PlannedChild[]) {
    this.node = node
    this.path = path
    this.#branches = branches
  }

  children(): readonly PlannedChild[] {
    return this.#branches
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope): Promise<StepResult> {
    const scopes = forkScope(
      scope,
      this.#branches.map(({ key }) => ({ branch: key })),
    )
    let lost: StepResult | undefined
    const results = await Promise.all(
      this.#branches.map(async ({ key, plan }, index) => {
        const result = await plan.execute(input, scopes[index]!, false)
        if (result.success || lost !== undefined) return result
        lost = result
        for (const [other, each] of scopes.entries())
          if (other !== index) each.cancel(new Error(`branch '${key}' failed`))
        return result
      }),
    )
    const keys = this.#branches.map(({ key }) => key)
    for (const [index, each] of scopes.entries()) {
      const { status, feedback } = results[index]!
      const abandoned = await each.settled(SETTLE_MS)
      if (abandoned > 0) recordEvent(each, this.path, 'abandoned', { branch: keys[index], abandoned })
      if (status === 'completed') endPart(each, 'coalesced', null, `${scope.tokenId} ${this.path}`)
      else endPart(each, status === 'cancelled' ? 'cancelled' : 'failed', feedback)
    }
    joinParts(scope, scopes)
    const children = Object.fromEntries(keys.map((key, index) => [key, results[index]!]))
    const outputs = Object.fromEntries(keys.map((key, index) => [key, results[index]!.output]))
    const spent = sumSpent(results)
    return recordStep(
      scope,
      'parallel',
      lost === undefined
        ? completedResult(this.node.name, this.path, outputs, spent, {}, children)
        : sameEnd(this.node.name, this.path, lost, spent, children),
    )
  }
}
