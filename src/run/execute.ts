import type { StepResult } from '../result.ts'
import type { FallbackPlan, PipelinePlan, Plan } from './plan.ts'
import { completedResult, failedResult, NOTHING_SPENT, recorded, sameEnd, sumSpent } from './results.ts'
import type { Run } from './run.ts'
import { runStep } from './step-runner.ts'

/**
 * Runs a plan's node and everything below it.
 * @param keepInput somebody else needs the input afterwards, so what runs here must not be able to change it
 * @returns the node's result; a failed or cancelled node is a result too
 * @throws ControlSignal, except an abort
 */
export function execute(plan: Plan, input: unknown, run: Run, keepInput: boolean): Promise<StepResult> {
  switch (plan.kind) {
    case 'step':
      return runStep(plan.node, plan.path, input, run, keepInput)
    case 'fallback':
      return runFallback(plan, input, run, keepInput)
    case 'pipeline':
      return runPipeline(plan, input, run, keepInput)
  }
}

async function runPipeline(
  plan: PipelinePlan,
  input: unknown,
  run: Run,
  keepInput: boolean,
): Promise<StepResult> {
  const children: Record<string, StepResult> = {}
  const results: StepResult[] = []
  let value = input
  let keep = keepInput
  for (const { key, plan: part } of plan.parts) {
    const result = await execute(part, value, run, keep)
    children[key] = result
    results.push(result)
    if (result.status !== 'completed') break
    value = result.output
    keep = false
  }
  const last = results.at(-1)
  // Pipelines have at least one node; their builder refuses empty ones.
  if (last === undefined) throw new TypeError(`pipeline '${plan.node.name}' has no nodes`)
  return recorded(run, 'pipeline', sameEnd(plan.node.name, plan.path, last, sumSpent(results), children))
}

async function runFallback(
  plan: FallbackPlan,
  input: unknown,
  run: Run,
  keepInput: boolean,
): Promise<StepResult> {
  const { name, defect } = plan.node
  if (defect !== undefined) {
    const error = { name: 'FallbackChainError', message: defect, code: 'E_FALLBACK_CHAIN' }
    return recorded(run, 'fallback', failedResult(name, plan.path, defect, error, NOTHING_SPENT))
  }
  const primary = await execute(plan.primary, input, run, true)
  if (primary.status !== 'failed') {
    return recorded(run, 'fallback', sameEnd(name, plan.path, primary, sumSpent([primary]), { primary }))
  }
  run.store?.append({
    kind: 'event',
    runId: run.id,
    path: plan.path,
    event: 'fallback',
    atMs: run.elapsedMs(),
    detail: { from: plan.primary.path, to: plan.fallbackTo.path, feedback: primary.feedback },
  })
  const fallback = await execute(plan.fallbackTo, input, run, keepInput)
  return recorded(run, 'fallback', combined(plan, primary, fallback))
}

function combined(plan: FallbackPlan, primary: StepResult, fallback: StepResult): StepResult {
  const { name } = plan.node
  const spent = sumSpent([primary, fallback])
  const children = { primary, fallback }
  const metadata = { fallbackTriggered: true, originalError: primary.feedback }
  if (fallback.status === 'completed')
    return completedResult(name, plan.path, fallback.output, spent, metadata, children)
  if (fallback.status !== 'failed')
    return { ...sameEnd(name, plan.path, fallback, spent, children), metadata }
  const feedback = `Original error: ${primary.feedback}; Fallback error: ${fallback.feedback}`
  const errors = [primary.error, fallback.error].filter((error) => error !== null)
  return failedResult(
    name,
    plan.path,
    feedback,
    { name: 'AggregateError', message: feedback, errors },
    spent,
    metadata,
    children,
  )
}
