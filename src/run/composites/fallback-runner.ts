import type { FallbackNode } from '../../nodes/fallback.ts'
import type { StepResult } from '../../base/result.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import { completedResult, failedResult, NOTHING_SPENT, sameEnd, sumSpent } from '../results.ts'
import type { Scope } from '../scope.ts'
import { stopOf, withStop } from '../stop.ts'
import { recordEvent, recordStep } from '../trail.ts'

/** A node with a fallback, at its place: the fallback runs when the primary has failed for good. */
export class FallbackRunner implements Plan {
  static readonly events = ['fallback'] as const
  readonly node: FallbackNode<never, unknown>
  readonly path: string
  readonly primary: Plan
  readonly fallbackTo: Plan

  readonly #children: readonly PlannedChild[]

  constructor(node: FallbackNode<never, unknown>, path: string, children: readonly PlannedChild[]) {
    const [primary, fallbackTo] = children
    if (primary === undefined || fallbackTo === undefined)
      throw new TypeError(`fallback '${node.name}' has no primary or no fallback`)
    this.node = node
    this.path = path
    this.primary = primary.plan
    this.fallbackTo = fallbackTo.plan
    this.#children = children
  }

  children(): readonly PlannedChild[] {
    return this.#children
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const { path } = this
    const { name, defect } = this.node
    if (defect !== undefined) {
      const error = { name: 'FallbackChainError', message: defect, code: 'E_FALLBACK_CHAIN' }
      return recordStep(scope, 'fallback', failedResult(name, path, error, NOTHING_SPENT))
    }
    const primary = await this.primary.execute(input, scope, true)
    if (primary.status !== 'failed' || stopOf(primary) !== undefined || isUncopyable(primary)) {
      return recordStep(scope, 'fallback', sameEnd(name, path, primary, sumSpent([primary]), { primary }))
    }
    recordEvent(scope, path, 'fallback', {
      from: this.primary.path,
      to: this.fallbackTo.path,
      feedback: primary.feedback,
    })
    const fallback = await this.fallbackTo.execute(input, scope, hasFallback)
    return recordStep(scope, 'fallback', combined(name, path, primary, fallback))
  }
}

/** Nothing ran, because the input is nothing that can be copied; the fallback would be given the same. */
function isUncopyable({ error, attempts }: StepResult): boolean {
  return attempts === 0 && error?.code === 'E_INPUT'
}

/** The result of a chain whose fallback ran. */
function combined(name: string, path: string, primary: StepResult, fallback: StepResult): StepResult {
  const spent = sumSpent([primary, fallback])
  const children = { primary, fallback }
  const metadata = { fallbackTriggered: true, originalError: primary.feedback }
  if (fallback.status === 'completed')
    return completedResult(name, path, fallback.output, spent, metadata, children)
  if (fallback.status !== 'failed' || stopOf(fallback) !== undefined)
    return withStop({ ...sameEnd(name, path, fallback, spent, children), metadata }, stopOf(fallback))
  const feedback = `Original error: ${primary.feedback}; Fallback error: ${fallback.feedback}`
  const errors = [primary.error, fallback.error].filter((error) => error !== null)
  const error = { name: 'AggregateError', message: feedback, errors }
  return failedResult(name, path, error, spent, metadata, children)
}
