import type { Plan } from '../../src/run/plan.ts'

/**
 * By the path of each adapter's place, which registry it is of, by number, and its name there: routes that share a registry
 * share its breakers.
 */
export function adapterOwners(plan: Plan): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  noteOwners(plan, new Map(), owners)
  return owners
}

function noteOwners(plan: Plan, registries: Map<unknown, number>, owners: Map<string, string>): void {
  const { kind, registry } = plan.node as { kind: string; registry?: unknown }
  for (const { key, plan: child } of plan.children()) {
    if (kind === 'route') {
      if (!registries.has(registry)) registries.set(registry, registries.size)
      owners.set(child.path, `${registries.get(registry)} ${key}`)
    } else noteOwners(child, registries, owners)
  }
}
