import { ConfigurationError } from '../base/control.ts'
import type { Plan } from '../run/plan.ts'

/** The shape of a tree: a line for each node, its kind and its path, from the root down. */
export function fingerprintOf(plan: Plan): readonly string[] {
  const lines: string[] = []
  const walk = (at: Plan): void => {
    lines.push(`${at.node.kind} ${at.path}`)
    for (const { plan: child } of at.children()) walk(child)
  }
  walk(plan)
  return lines
}

/**
 * What was done can be found again only in a tree of the same shape.
 * @throws ConfigurationError that says where it differs
 */
export function checkFingerprint(runId: string, plan: Plan, before: readonly string[]): void {
  const now = fingerprintOf(plan)
  const at = before.findIndex((line, index) => line !== now[index])
  if (at === -1 && now.length === before.length) return
  const [was, is] = at === -1 ? ['nothing more', now[before.length]] : [before[at], now[at] ?? 'nothing more']
  throw new ConfigurationError(
    `Expected pipeline '${plan.node.name}' to have the shape it had when run '${runId}' started: there it had ${was}, now it has ${is}.`,
    { hint: 'Nothing was changed. Carry the run on with the pipeline it was started with.' },
  )
}
