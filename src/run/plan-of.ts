import { ConfigurationError } from '../base/control.ts'
import { type AnyNode, checkNode, type ChildNode, childrenOf } from '../nodes/node.ts'
import { KINDS, type Kinds } from './kinds.ts'
import type { Plan } from './plan.ts'

/** Makes the plan of a tree whose root is `node`. */
export type Planner = (node: AnyNode) => Plan

/** A planner for a table of kinds. Plans are made once per root; they outlive runs, not nodes. */
export function createPlanner(kinds: Kinds): Planner {
  const plans = new WeakMap<AnyNode, Plan>()
  return (node) => {
    let plan = plans.get(node)
    if (plan === undefined) {
      plan = place(checkNode(node, 'what the engine runs'), node.name, kinds)
      plans.set(node, plan)
    }
    return plan
  }
}

/**
 * The plan of a tree whose root is `node`. Paths are names from the root joined by `/`; of siblings with one name the
 * second is `name#2`, and so on.
 */
export const planOf: Planner = createPlanner(KINDS)

function place(node: AnyNode, path: string, kinds: Kinds): Plan {
  const kind = Object.hasOwn(kinds, node.kind) ? kinds[node.kind] : undefined
  if (kind === undefined) {
    throw new ConfigurationError(
      `Expected the kind of node '${node.name}' to be one of ${Object.keys(kinds).join(', ')}, got '${node.kind}'.`,
    )
  }
  const children = childrenOf(node)
  const keys = uniqueKeys(children)
  const planned = children.map((child, index) => {
    const key = keys[index] ?? child.key
    return { key, plan: place(child.node, `${path}/${key}`, kinds) }
  })
  const plan = new kind(node as never, path, planned)
  if (kind.pauses === true || planned.some((child) => pausing.has(child.plan))) notePausing(plan)
  return plan
}

/** Plans with a node inside that pauses a run. */
const pausing = new WeakSet<Plan>()
/** Asked first: most programs have none. */
let someArePausing = false

function notePausing(plan: Plan): void {
  pausing.add(plan)
  someArePausing = true
}

/** Whether a run of the plan can be paused, because it waits for a person somewhere. */
export function pauses(plan: Plan): boolean {
  return someArePausing && pausing.has(plan)
}

function uniqueKeys(children: readonly ChildNode[]): string[] {
  const seen = new Map<string, number>()
  return children.map(({ key }) => {
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return count === 1 ? key : `${key}#${count}`
  })
}
