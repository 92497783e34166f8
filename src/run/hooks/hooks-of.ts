import { anyHooks, type PipelineNode } from '../../nodes/pipeline.ts'
import type { Hooks } from '../../policy/hooks.ts'
import type { Plan } from '../plan.ts'

/** The hooks of the pipelines around each path that has some, from the outside in. */
export type HooksByPath = ReadonlyMap<string, readonly Hooks[]>

/** Plans do not change. */
const known = new WeakMap<Plan, HooksByPath>()

/** The hooks that pipelines of a tree have; `undefined` when none has any. */
export function hooksOf(plan: Plan): HooksByPath | undefined {
  // Most programs give no pipeline a hook, and a look into a map costs a two-hundredth of a short run.
  if (!anyHooks()) return undefined
  let found = known.get(plan)
  if (found === undefined) {
    const byPath = new Map<string, readonly Hooks[]>()
    gather(plan, [], byPath)
    known.set(plan, (found = byPath))
  }
  return found.size === 0 ? undefined : found
}

function gather(plan: Plan, around: readonly Hooks[], byPath: Map<string, readonly Hooks[]>): void {
  const hooks = isPipeline(plan.node) ? [...around, ...(plan.node.hooks ?? [])] : around
  if (hooks.length > 0) byPath.set(plan.path, hooks)
  for (const child of plan.children()) gather(child.plan, hooks, byPath)
}

/** What a pipeline's node may have; one that no builder made has nothing. */
function isPipeline(node: Plan['node']): node is Partial<PipelineNode<never, unknown>> & Plan['node'] {
  return node.kind === 'pipeline'
}
