import { type AnyNode, checkNode, type KnownNode } from '../nodes/node.ts'
import { FallbackRunner } from './fallback-runner.ts'
import { PipelineRunner } from './pipeline-runner.ts'
import type { Plan } from './plan.ts'
import { StepRunner } from './step-runner.ts'

/** Plans outlive runs, not nodes. */
const plans = new WeakMap<AnyNode, Plan>()

/**
 * The plan of a tree whose root is `node`; made once per root. Paths are names from the root joined by `/`; of
 * siblings with one name the second is `name#2`, and so on.
 */
export function planOf(node: AnyNode): Plan {
  let plan = plans.get(node)
  if (plan === undefined) {
    plan = place(checkNode(node, 'what the engine runs'), node.name)
    plans.set(node, plan)
  }
  return plan
}

function place(node: KnownNode, path: string): Plan {
  switch (node.kind) {
    case 'step':
      return new StepRunner(node, path)
    case 'fallback': {
      const keys = uniqueKeys([node.primary, node.fallbackTo])
      const primary = place(node.primary, `${path}/${keys[0]}`)
      return new FallbackRunner(node, path, primary, place(node.fallbackTo, `${path}/${keys[1]}`))
    }
    case 'pipeline': {
      const keys = uniqueKeys(node.nodes)
      const parts = node.nodes.map((child, index) => {
        const key = keys[index] ?? child.name
        return { key, plan: place(child, `${path}/${key}`) }
      })
      return new PipelineRunner(node, path, parts)
    }
  }
}

function uniqueKeys(nodes: readonly KnownNode[]): string[] {
  const seen = new Map<string, number>()
  return nodes.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}#${count}`
  })
}
