import type { AuditRecord } from '../../src/index.ts'
import type { StepVisit } from '../scenario/observation.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/**
 * 12: what came to its end has exactly one record of it: every visit of a token to a step or an adapter, every join that
 * an outcome names, and every token's arrival at a join.
 */
export const oneRecord: Oracle = {
  number: 12,
  name: 'one-record',
  judges: 'engine',
  check({ records, visits, end, result }) {
    if (end.kind !== 'settled' || result?.status === 'paused') return []
    if (isPlainlyRight(records, visits)) return NO_PROBLEMS
    return [...wrongVisits(records), ...wrongJoins(records)].map((message) => violation(oneRecord, message))
  },
}

const NO_PROBLEMS = [] as const

/**
 * There is no join, every visit has its end, and there are as many ends as visits. Nearly all runs are so, and to see it is a
 * walk without a text for each record.
 */
function isPlainlyRight(records: readonly AuditRecord[], visits: readonly StepVisit[]): boolean {
  let ends = 0
  for (const record of records) {
    if (record.kind === 'join' || (record.kind === 'outcome' && record.joinGroup !== null)) return false
    if (record.kind === 'step' && (record.node === 'step' || record.node === 'adapter')) ends++
  }
  return ends === visits.length && visits.every(({ end }) => end !== undefined)
}

/** Visits with attempts, and how many ends of each are on record. */
function wrongVisits(records: readonly AuditRecord[]): readonly string[] {
  const ends = new Map<string, number>()
  for (const record of records) if (record.kind === 'attempt') ends.set(visitOf(record), 0)
  for (const record of records) {
    if (record.kind !== 'step') continue
    const known = ends.get(visitOf(record))
    if (known !== undefined) ends.set(visitOf(record), known + 1)
  }
  return [...ends].flatMap(([visit, found]) =>
    found === 1 ? [] : [`Expected one record of the end of ${visit}, got ${found}.`],
  )
}

function wrongJoins(records: readonly AuditRecord[]): readonly string[] {
  const joins = new Map<string, number>()
  const arrivals = new Map<string, number>()
  const named = new Set<string>()
  for (const record of records) {
    if (record.kind === 'outcome' && record.joinGroup !== null) named.add(record.joinGroup)
    if (record.kind === 'step' && record.node === 'join') count(arrivals, visitOf(record))
    if (record.kind === 'join') count(joins, record.joinGroup)
  }
  const wrong: string[] = []
  for (const group of new Set([...named, ...joins.keys()])) {
    const found = joins.get(group) ?? 0
    if (found !== 1) wrong.push(`Expected one record of join ${group}, got ${found}.`)
  }
  for (const record of records) {
    if (record.kind !== 'join') continue
    for (const { tokenId, branch } of record.arrived) {
      const found = arrivals.get(visitOf({ ...record, tokenId })) ?? 0
      if (found !== 1)
        wrong.push(`Expected one record of ${branch} (${tokenId}) at join ${record.path}, got ${found}.`)
    }
  }
  return wrong
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function visitOf({ tokenId, path, visit }: { tokenId: string | null; path: string; visit: number }): string {
  return `${path}, visit ${visit} of token ${tokenId}`
}
