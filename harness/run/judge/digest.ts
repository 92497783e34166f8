import { hash } from 'node:crypto'
import type { AttemptRecord, AuditRecord, JoinRecord } from '../../../src/index.ts'
import type { CallerEnd, ObservedCall, Observation } from '../../scenario/observation.ts'
import { TokenNames } from './token-names.ts'

/** The digest of one execution, as it is compared with that of another. */
export interface Digests {
  /** Of all that happened in the order in which it did. */
  readonly exact: string
  /** The same where only what one token did has an order; asked for where real work was awaited. */
  readonly apart: () => string
  /** Real work was awaited. */
  readonly realWork: boolean
  /** Several things were under way at once, so that which of them ends first may matter. */
  readonly atOnce: boolean
}

export function digestsOf(observation: Observation): Digests {
  const { realWork } = observation
  // Where there was real work, at once: what an execution has left behind may still go on.
  const known = realWork ? digestApart(observation) : undefined
  return {
    exact: exactDigest(observation),
    apart: () => known ?? digestApart(observation),
    realWork,
    atOnce: wasAtOnce(observation),
  }
}

/**
 * The digest of one execution's trace: which points were called when and for whom, what met them, how they settled, and
 * what the trail says of it all. Payloads are left out: what a real server answers is not the executor's doing. Neither is
 * which of several real jobs ends first while virtual time stands still.
 */
export function digestOf(observation: Observation): string {
  return observation.realWork ? digestApart(observation) : exactDigest(observation)
}

function exactDigest({ calls, marks, records, ...observation }: Observation): string {
  const parts = endOf(observation)
  for (const call of calls) parts.push(callFacts(call, `${call.point}#${call.nth}`, call.tokenId))
  for (const caller of observation.callers) parts.push(callerFacts(caller))
  for (const [mark, count] of marks) parts.push(`mark ${mark} ${count}`)
  for (const record of records) parts.push(factsOf(record))
  return hash('sha256', parts.join('\n'))
}

/**
 * The trace as one list per token, each in its own order: all lines have their virtual time, so what one token does before
 * another is still told, save at one and the same moment. Numbers that count across tokens are left out, and tokens have the
 * names of their places.
 */
function digestApart({ calls, marks, records, ...observation }: Observation): string {
  const names = new TokenNames()
  const lists = new Map<string, string[]>()
  const add = (of: string, facts: string): void => {
    const list = lists.get(of)
    if (list === undefined) lists.set(of, [facts])
    else list.push(facts)
  }
  for (const record of records) {
    const named = names.inRecord(record)
    add('tokenId' in named && named.tokenId !== null ? named.tokenId : '', factsOf(named))
  }
  const loose: string[] = []
  for (const call of calls) {
    if (call.tokenId === undefined) loose.push(callFacts(call, call.point, undefined))
    else {
      const of = names.of(call.tokenId)
      add(`calls of ${of}`, callFacts(call, call.point, of))
    }
  }
  const parts = endOf(observation)
  for (const caller of observation.callers) parts.push(callerFacts(caller))
  parts.push(...loose.toSorted(), ...[...marks].map(([mark, count]) => `mark ${mark} ${count}`).toSorted())
  for (const of of [...lists.keys()].toSorted()) parts.push(...(lists.get(of) ?? []))
  return hash('sha256', parts.join('\n'))
}

function endOf({
  end,
  virtualMs,
  result,
  thrown,
}: Omit<Observation, 'calls' | 'marks' | 'records'>): string[] {
  return [end.kind, String(virtualMs), result?.status ?? (thrown === null ? 'completed' : 'failed')]
}

function callFacts(
  { atMs, fault, settled, settledAtMs, path, visit }: ObservedCall,
  call: string,
  tokenId: string | undefined,
): string {
  const of = tokenId === undefined ? '' : ` of ${tokenId} ${path}/${visit}`
  return `${call}${of}@${atMs} ${fault} ${settled}@${settledAtMs}`
}

function callerFacts({ path, thrown, settledAtMs }: CallerEnd): string {
  return `caller ${path.join('/')} ${thrown?.name}@${settledAtMs}`
}

/** Branches, or calls that are no steps and did not wait for each other. */
function wasAtOnce({ records, calls }: Observation): boolean {
  if (records.some((record) => record.kind === 'token' && record.branch !== null)) return true
  const loose = calls.filter(({ tokenId }) => tokenId === undefined)
  return loose.some((call, at) => {
    const next = loose[at + 1]
    return (
      next !== undefined && (call.callsBeforeSettled === 0 || calls.indexOf(next) < call.callsBeforeSettled)
    )
  })
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
