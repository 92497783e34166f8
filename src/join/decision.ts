import type { JoinPolicy } from './join-policy.ts'

/** What a join knows when it has to decide. */
export interface Standing {
  /** How many branches it has. */
  readonly branches: number
  readonly arrived: number
  /** Branches that can no longer come, in the order they were lost. */
  readonly lost: readonly string[]
}

/** Why it has to decide: a branch arrived or was lost, its time is over, or nothing more can come. */
export type Occasion = 'branch' | 'timeout' | 'end'

/** `undefined` is to go on waiting. */
export type Decision = { readonly status: 'merged' } | { readonly status: 'failed'; readonly reason: string }

const MERGED: Decision = Object.freeze({ status: 'merged' })

/**
 * The table of policies: whether a join merges, fails or waits. Pure, and the only place that knows the reasons. Any
 * occasion but `branch` decides for certain.
 */
export function decision(policy: JoinPolicy, standing: Standing, occasion: Occasion): Decision | undefined {
  switch (policy.policy) {
    case 'all':
      return ofAll(standing, occasion)
    case 'quorum':
      return ofQuorum(policy.count, standing, occasion)
    case 'best-effort':
      return ofBestEffort(standing, occasion)
    case 'first':
      return ofFirst(standing, occasion)
  }
}

function ofAll({ branches, arrived, lost }: Standing, occasion: Occasion): Decision | undefined {
  if (arrived === branches) return MERGED
  if (lost[0] !== undefined) return failed(`branch_lost:${lost[0]}`)
  return occasion === 'branch' ? undefined : failed('incomplete_branches')
}

function ofQuorum(
  count: number,
  { branches, arrived, lost }: Standing,
  occasion: Occasion,
): Decision | undefined {
  if (arrived >= count) return MERGED
  const possible = branches - lost.length
  if (possible < count) return failed(`quorum_impossible:need=${count},max_possible=${possible}`)
  if (occasion === 'branch') return undefined
  return failed(occasion === 'timeout' ? 'quorum_not_met_at_timeout' : 'quorum_not_met')
}

function ofBestEffort({ branches, arrived, lost }: Standing, occasion: Occasion): Decision | undefined {
  const over = arrived + lost.length === branches
  if (!over && occasion === 'branch') return undefined
  if (arrived > 0) return MERGED
  return failed(occasion === 'timeout' ? 'best_effort_timeout_no_arrivals' : 'all_branches_lost')
}

function ofFirst({ branches, arrived, lost }: Standing, occasion: Occasion): Decision | undefined {
  if (arrived > 0) return MERGED
  return lost.length === branches || occasion !== 'branch' ? failed('all_branches_lost') : undefined
}

function failed(reason: string): Decision {
  return { status: 'failed', reason }
}
