import type { AuditRecord, JoinRecord, OutcomeRecord } from '../../src/index.ts'

/** What is wrong with the fates of tokens that came to joins, in sentences. */
export function wrongJoinFates(records: readonly AuditRecord[]): readonly string[] {
  if (!records.some(({ kind }) => kind === 'join')) return []
  const joins = new Map<string, JoinRecord>()
  const outcomes = new Map<string, OutcomeRecord>()
  for (const record of records) {
    if (record.kind === 'join') joins.set(record.joinGroup, record)
    if (record.kind === 'outcome') outcomes.set(record.tokenId, record)
  }
  const wrong: string[] = []
  for (const join of joins.values())
    for (const { branch, tokenId } of join.arrived) {
      const outcome = outcomes.get(tokenId)
      if (outcome === undefined || (outcome.joinGroup === join.joinGroup && isFateOf(join, outcome))) continue
      wrong.push(
        `Expected token ${tokenId}, which came to join ${join.path} as ${branch}, to be ${join.status === 'merged' ? 'coalesced' : 'stopped'} by it, got ${outcome.outcome}${outcome.joinGroup === null ? '' : ` by ${outcome.joinGroup}`}.`,
      )
    }
  for (const { outcome, tokenId, joinGroup } of outcomes.values()) {
    const join = joinGroup === null ? undefined : joins.get(joinGroup)
    if (outcome !== 'coalesced' || join === undefined) continue
    if (!join.arrived.some((each) => each.tokenId === tokenId))
      wrong.push(`Expected only tokens that came to join ${join.path} to be coalesced by it, got ${tokenId}.`)
  }
  return wrong
}

function isFateOf({ status }: JoinRecord, { outcome }: OutcomeRecord): boolean {
  return status === 'merged' ? outcome === 'coalesced' : outcome === 'failed' || outcome === 'cancelled'
}
