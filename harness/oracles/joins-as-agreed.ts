import type { JoinRecord } from '../../src/index.ts'
import { policyName } from '../../src/join/join-policy.ts'
import type { ParallelPolicy } from '../../src/nodes/parallel.ts'
import type { Plan } from '../../src/run/plan.ts'
import type { Observation } from '../scenario/observation.ts'
import { planAt, plansOf } from './plan-walk.ts'

/** What branches have agreed on: with how many of them their join merges. */
interface Agreed {
  readonly name: string
  readonly least: number
  readonly most: number
}

/** Joins of branches that merged with fewer than they wait for, or waited for more, in sentences. */
export function joinsNotAsAgreed({ plan, records }: Observation): readonly string[] {
  if (plansOf(plan, 'parallel').length === 0) return []
  const joins = records.filter((each): each is JoinRecord => each.kind === 'join')
  return joins.flatMap(({ path, status, arrived }) => {
    const at = planAt(plan, path)
    if (status !== 'merged' || at?.node.kind !== 'parallel') return []
    const { name, least, most } = agreedIn(at)
    if (arrived.length >= least && arrived.length <= most) return []
    const wanted = least === most ? String(least) : `at least ${least}`
    const came = arrived.length === 0 ? '' : ` (${arrived.map(({ branch }) => branch).join(', ')})`
    return [
      `Expected join ${path} (${name}) to merge with ${wanted} of its branches, got ${arrived.length}${came}.`,
    ]
  })
}

function agreedIn(plan: Plan): Agreed {
  const { join, onBranchFailure } = (plan.node as unknown as { readonly policy: ParallelPolicy }).policy
  const branches = plan.children().length
  if (join === undefined)
    return onBranchFailure === 'ignore'
      ? { name: 'ignore', least: 1, most: branches }
      : { name: onBranchFailure, least: branches, most: branches }
  const name = policyName(join.policy)
  switch (join.policy.policy) {
    case 'all':
      return { name, least: branches, most: branches }
    case 'quorum':
      return { name, least: join.policy.count, most: join.policy.count }
    case 'best-effort':
      return { name, least: 1, most: branches }
    case 'first':
      return { name, least: 1, most: 1 }
  }
}
