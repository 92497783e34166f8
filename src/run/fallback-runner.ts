import type { FallbackNode } from '../nodes/node.ts'
import type { StepResult } from '../base/result.ts'
import type { FallbackPlan, Plan } from './plan.ts'
import { completedResult, failedResult, NOTHING_SPENT, recorded, sameEnd, sumSpent } from './results.ts'
import type { Run } from './run.ts'

/** A node with a way out, at its place: the way out runs when the primary has failed for good. */
export class FallbackRunner implements FallbackPlan {
  readonly kind = 'fallback'
  readonly node: FallbackNode<never, unknown>
  readonly path: string
  readonly primary: Plan
  readonly fallbackTo: Plan

  constructor(node: FallbackNode<never, unknown>, path: string, primary: Plan, fallbackTo: Plan) {
    this.node = node
    this.path = path
    this.primary = primary
    this.fallbackTo = fallbackTo
  }

  async execute(input: unknown, run: Run, hasWayOut: boolean): Promise<StepResult> {
    const { path } = this
    const { name, defect } = this.node
    if (defect !== undefined) {
      const error = { name: 'FallbackChainError', message: defect, code: 'E_FALLBACK_CHAIN' }
      return recorded(run, 'fallback', failedResult(name, path, error, NOTHING_SPENT))
    }
    const primary = await this.primary.execute(input, run, true)
    if (primary.status !== 'failed') {
      return recorded(run, 'fallback', sameEnd(name, path, primary, sumSpent([primary]), { primary }))
    }
    run.store?.append({
      kind: 'event',
      runId: run.id,
      path,
      event: 'fallback',
      atMs: run.elapsedMs(),
      detail: { from: this.primary.path, to: this.fallbackTo.path, feedback: primary.feedback },
    })
    const fallback = await this.fallbackTo.execute(input, run, hasWayOut)
    return recorded(run, 'fallback', combined(name, path, primary, fallback))
  }
}

/** The result of a chain that needed its way out. */
function combined(name: string, path: string, primary: StepResult, fallback: StepResult): StepResult {
  const spent = sumSpent([primary, fallback])
  const children = { primary, fallback }
  const metadata = { fallbackTriggered: true, originalError: primary.feedback }
  if (fallback.status === 'completed')
    return completedResult(name, path, fallback.output, spent, metadata, children)
  if (fallback.status !== 'failed') return { ...sameEnd(name, path, fallback, spent, children), metadata }
  const feedback = `Original error: ${primary.feedback}; Fallback error: ${fallback.feedback}`
  const errors = [primary.error, fallback.error].filter((error) => error !== null)
  const error = { name: 'AggregateError', message: feedback, errors }
  return failedResult(name, path, error, spent, metadata, children)
}
