import type { AuditRecord, JoinRecord } from '../../src/index.ts'
import type { JoinPolicy } from '../../src/join/join-policy.ts'
import type { Plan } from '../../src/run/plan.ts'

/** Sums of fractions of a millisecond come out a little off. */
const OFF_MS = 1e-6

/** Joins that waited longer than their time limit, or say that it fired when it had not, in sentences. */
export function joinsBeyondLimit(
  records: readonly AuditRecord[],
  planAt: (path: string) => Plan | undefined,
): readonly string[] {
  const joins = records.filter((record): record is JoinRecord => record.kind === 'join')
  if (joins.length === 0) return []
  const created = new Map(
    records.flatMap((each) => (each.kind === 'token' ? [[each.tokenId, each] as const] : [])),
  )
  return joins.flatMap((join) => {
    const { path, timeoutMs, waitedMs, arrived } = join
    const plan = planAt(path)
    const limitMs = limitOf(plan)
    const [first] = arrived
    // The clock of a node with branches starts with them; that of a join of items, with the first of these.
    const beforeMs =
      first === undefined || plan?.node.kind === 'join'
        ? 0
        : first.atMs - (created.get(first.tokenId)?.atMs ?? first.atMs)
    const openMs = waitedMs + beforeMs
    if (timeoutMs !== null && openMs < timeoutMs - OFF_MS)
      return [`Expected join ${path} to wait for its ${timeoutMs} ms, it gave up after ${openMs} ms.`]
    return limitMs === undefined || openMs <= limitMs + OFF_MS
      ? []
      : [`Expected join ${path} to wait for ${limitMs} ms at most, it waited for ${openMs} ms.`]
  })
}

function limitOf(plan: Plan | undefined): number | undefined {
  const node = plan?.node as
    | { readonly rule?: Rule | undefined; readonly policy?: { readonly join?: Rule | undefined } }
    | undefined
  const policy = (node?.rule ?? node?.policy?.join)?.policy
  return policy === undefined || policy.policy === 'first' ? undefined : policy.timeoutMs
}

interface Rule {
  readonly policy: JoinPolicy
}
