import type { Observation } from '../scenario/observation.ts'
import { oncePerPlan, plansOf } from './plan-walk.ts'

/** By the path of each adapter of a tree, the path of its route. */
const routeOfIn = oncePerPlan(
  (plan): ReadonlyMap<string, string> =>
    new Map(
      plansOf(plan, 'route').flatMap((route) => route.children().map((each) => [each.plan.path, route.path])),
    ),
)

/** Adapters that were given a task which another one had done, in sentences. */
export function askedInVain({ plan, records }: Observation): readonly string[] {
  const routeOf = routeOfIn(plan)
  if (routeOf.size === 0) return []
  const doneBy = new Map<string, string>()
  return records.flatMap((record) => {
    if (record.kind !== 'attempt' && record.kind !== 'step') return []
    const route = routeOf.get(record.path)
    if (route === undefined) return []
    // One token goes through a route by itself, and a loop counts its visits.
    const task = `${route}, visit ${record.visit} of token ${record.tokenId}`
    if (record.kind === 'step') {
      if (record.status === 'completed') doneBy.set(task, record.path)
      return []
    }
    const by = doneBy.get(task)
    if (by === undefined || by === record.path) return []
    // One problem says it: its further attempts are not others.
    doneBy.set(task, record.path)
    return [`Adapter ${record.path} was called although ${by} had completed.`]
  })
}
