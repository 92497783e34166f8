import type { Fate, Visit } from './explanation.ts'
import type { RunTrail } from '../store.ts'

/** What became of a token. */
export function explainFate(trail: RunTrail, tokenId: string, visits: readonly Visit[]): Fate {
  const end = trail.outcomeRows.find((row) => row.tokenId === tokenId)
  if (end === undefined) return { kind: 'open', last: visits.findLast(isStep) ?? visits.at(-1) ?? null }
  const { atMs, reason, errorHash, outcome } = end
  switch (outcome) {
    case 'completed':
      return { kind: 'reached-end', atMs }
    case 'forked': {
      const into = trail.tokenRows.filter(({ parentId }) => parentId === tokenId)
      return { kind: 'forked', atMs, into: into.map((row) => row.tokenId) }
    }
    case 'coalesced':
      return { kind: 'coalesced', atMs, reason }
    case 'failed':
    case 'quarantined':
    case 'cancelled':
      return { kind: 'stopped', outcome, atMs, reason, errorHash, because: toBlame(visits) }
  }
}

/** Steps that did not complete, except below a composite that completed all the same: it made up for them. */
function toBlame(visits: readonly Visit[]): readonly Visit[] {
  const completed = visits.filter(({ node, status }) => node !== 'step' && status === 'completed')
  return visits.filter(
    (visit) =>
      isStep(visit) &&
      visit.status !== 'completed' &&
      visit.status !== 'skipped' &&
      !completed.some(({ path }) => visit.path.startsWith(`${path}/`)),
  )
}

function isStep({ node }: Visit): boolean {
  return node === 'step'
}
