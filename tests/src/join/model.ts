import type { JoinMerge, JoinPolicy } from 'shakedown'

/** What is told about one join of one item, in the order of time. */
export type Said =
  | { readonly kind: 'opened' | 'looked' | 'ended'; readonly atMs: number }
  | { readonly kind: 'arrived' | 'lost'; readonly branch: string; readonly atMs: number }

/** What it must come to: the table of policies in the design, read line by line. */
export interface Expected {
  readonly status: 'merged' | 'failed'
  readonly reason: string | null
  readonly resolvedMs: number
  readonly waitedMs: number
  readonly timeoutMs: number | null
  readonly arrived: readonly (readonly [branch: string, offsetMs: number])[]
  readonly lost: readonly string[]
  readonly missing: readonly string[]
  readonly output: unknown
}

/**
 * The reference model. It keeps no state: it asks of every beginning of what was said whether the join is decided after
 * it, and the shortest one that decides it is what happened. What comes after is late.
 */
export function expected(
  branches: readonly string[],
  policy: JoinPolicy,
  merge: JoinMerge,
  said: readonly Said[],
): Expected | undefined {
  const limitMs = 'timeoutMs' in policy ? policy.timeoutMs : undefined
  const from = said.find(({ kind }) => kind !== 'looked' && kind !== 'ended')?.atMs ?? Infinity
  for (const [index, latest] of said.entries()) {
    // Looking at a join that nobody has opened is looking at nothing.
    if (
      latest.atMs < from ||
      !said.slice(0, index + 1).some(({ kind }) => kind !== 'looked' && kind !== 'ended')
    )
      continue
    const timedOut = limitMs !== undefined && latest.atMs - from >= limitMs
    const counts = said.slice(0, timedOut ? index : index + 1)
    const at = (kind: Said['kind']): { branch: string; atMs: number }[] =>
      counts.flatMap((each) => (each.kind === kind && 'branch' in each ? [each] : []))
    const [came, gone] = [at('arrived'), at('lost')]
    const verdict = verdictOf(
      policy,
      branches.length,
      came.length,
      gone.map(({ branch }) => branch),
      {
        timedOut,
        ended: latest.kind === 'ended',
      },
    )
    if (verdict === undefined) continue
    const brought = Object.fromEntries(
      branches
        .filter((branch) => came.some((each) => each.branch === branch))
        .map((branch) => [branch, brings(branch)]),
    )
    const unselected = typeof merge === 'object' && !(merge.select in brought)
    const reason = verdict === 'merge' ? (unselected ? 'select_branch_not_arrived' : null) : verdict
    const fields = merge === 'union' ? Object.assign({}, ...Object.values(brought)) : undefined
    return {
      status: reason === null ? 'merged' : 'failed',
      reason,
      resolvedMs: latest.atMs,
      waitedMs: latest.atMs - (came[0]?.atMs ?? from),
      timeoutMs: timedOut ? limitMs : null,
      arrived: came.map(({ branch, atMs }) => [branch, atMs - from]),
      lost: gone.map(({ branch }) => branch),
      missing: branches.filter((branch) => ![...came, ...gone].some((each) => each.branch === branch)),
      output:
        reason !== null
          ? undefined
          : merge === 'nested'
            ? brought
            : (fields ?? brought[(merge as { select: string }).select]),
    }
  }
  return undefined
}

/** What a branch brings: a field of its own, and one that all of them have. */
export const brings = (branch: string): object => ({ [branch]: 1, by: branch })

/** `merge`, a reason to fail, or nothing yet. */
function verdictOf(
  policy: JoinPolicy,
  all: number,
  came: number,
  gone: readonly string[],
  { timedOut, ended }: { readonly timedOut: boolean; readonly ended: boolean },
): string | undefined {
  const over = timedOut || ended
  switch (policy.policy) {
    case 'all':
      if (came === all) return 'merge'
      if (gone.length > 0) return `branch_lost:${gone[0]}`
      return over ? 'incomplete_branches' : undefined
    case 'quorum':
      if (came >= policy.count) return 'merge'
      if (all - gone.length < policy.count)
        return `quorum_impossible:need=${policy.count},max_possible=${all - gone.length}`
      if (timedOut) return 'quorum_not_met_at_timeout'
      return ended ? 'quorum_not_met' : undefined
    case 'best-effort':
      if (came > 0 && (came + gone.length === all || over)) return 'merge'
      if (timedOut) return 'best_effort_timeout_no_arrivals'
      return gone.length === all || ended ? 'all_branches_lost' : undefined
    case 'first':
      if (came > 0) return 'merge'
      return gone.length === all || ended ? 'all_branches_lost' : undefined
  }
}
