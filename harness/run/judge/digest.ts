import { hash } from 'node:crypto'
import type { AttemptRecord, AuditRecord, JoinRecord } from '../../../src/index.ts'
import type { Observation } from '../../scenario/observation.ts'

/**
 * The digest of one execution's trace: which points were called when and for whom, what met them, how they settled, and
 * what the trail says of it all. Payloads are left out: what a real server answers is not the executor's doing.
 */
export function digestOf({
  calls,
  callers,
  marks,
  end,
  virtualMs,
  result,
  thrown,
  records,
}: Observation): string {
  const parts = [end.kind, String(virtualMs), result?.status ?? (thrown === null ? 'completed' : 'failed')]
  for (const { point, nth, atMs, fault, settled, settledAtMs, ...whose } of calls) {
    const of = whose.tokenId === undefined ? '' : ` of ${whose.tokenId} ${whose.path}/${whose.visit}`
    parts.push(`${point}#${nth}${of}@${atMs} ${fault} ${settled}@${settledAtMs}`)
  }
  for (const caller of callers)
    parts.push(`caller ${caller.path.join('/')} ${caller.thrown?.name}@${caller.settledAtMs}`)
  for (const [mark, count] of marks) parts.push(`mark ${mark} ${count}`)
  for (const record of records) parts.push(factsOf(record))
  return hash('sha256', parts.join('\n'))
}

/** What a record says of the executor's doing. */
function factsOf(record: AuditRecord): string {
  switch (record.kind) {
    case 'run-started':
      return `run ${record.pipeline}`
    case 'token':
      return `token ${record.tokenId} from ${record.parentIds.join('+')} for ${record.branch} ${record.item}@${record.atMs}`
    case 'attempt-start':
      return `${placeOf(record)}:${record.attempt} starts@${record.atMs}`
    case 'attempt':
      return `${placeOf(record)}:${record.attempt} ${record.status} ${record.startedAtMs}+${record.latencyMs} after ${record.delayMs}`
    case 'step':
      return `${placeOf(record)} ${record.node} ${record.status} ${record.attempts} in ${record.latencyMs}@${record.atMs}`
    case 'event':
      return `${placeOf(record)} ${record.event}@${record.atMs}`
    case 'join':
      return joinFacts(record)
    case 'outcome':
      return `${record.tokenId} ${record.outcome} ${record.joinGroup}@${record.atMs}`
    case 'run-finished':
      return `run ${record.status} ${record.attempts} in ${record.latencyMs}`
  }
}

function placeOf({ tokenId, path, visit }: Place): string {
  return `${tokenId} ${path}/${visit}`
}

type Place = Pick<AttemptRecord, 'tokenId' | 'path' | 'visit'>

function joinFacts(record: JoinRecord): string {
  const arrived = record.arrived.map(({ branch, tokenId, atMs }) => `${branch} ${tokenId}@${atMs}`)
  const lost = record.lost.map(({ branch }) => branch)
  const { joinGroup, path, visit, item, policy, status, reason, tokenId, missingOutcome, timeoutMs } = record
  return (
    `join ${joinGroup} ${path}/${visit} ${item} ${policy} ${status} ${reason} ${tokenId}@${record.atMs} after ${record.waitedMs}` +
    ` of ${timeoutMs}, arrived ${arrived.join()}, missing ${record.missing.join()} ${missingOutcome}, lost ${lost.join()}`
  )
}
