import type { AuditRecord, StepRecord } from '../../src/index.ts'
import type { FallbackRunner } from '../../src/run/fallback-runner.ts'
import type { Observation, StepVisit } from '../scenario/observation.ts'
import { Lineage, parentsIn } from './lineage.ts'
import { type FallbackPart, fallbackPartsIn } from './plan-walk.ts'

/** A visit to a step begins, or a node ends. */
type Moment =
  | { readonly kind: 'began'; readonly path: string; readonly tokenId: string; readonly visit: StepVisit }
  | { readonly kind: 'ended'; readonly path: string; readonly tokenId: string; readonly record: StepRecord }

/** Something happened to a part of a fallback node. */
export interface FallbackMoment<Note> {
  readonly fallback: FallbackRunner
  readonly part: FallbackPart
  readonly moment: Moment
  /** What an oracle notes of this fallback node from moment to moment, along the way of each token. */
  readonly notes: Lineage<Note>
}

/**
 * What happened to each fallback node, in the order it was recorded.
 *
 * One token goes its way one node at a time, so what comes next on the way of a token belongs to what came before it:
 * that holds through forks, joins and loops, where neither the token nor the number of the visit stays the same.
 */
export function* fallbackMoments<Note>(observation: Observation): Generator<FallbackMoment<Note>> {
  const parts = fallbackPartsIn(observation.plan)
  if (parts.size === 0) return
  const parents = parentsIn(observation.records)
  const notes = new Map<FallbackRunner, Lineage<Note>>()
  for (const moment of momentsOf(observation)) {
    for (const { fallback, part } of parts.get(moment.path) ?? []) {
      let known = notes.get(fallback)
      if (known === undefined) notes.set(fallback, (known = new Lineage(parents)))
      yield { fallback, part, moment, notes: known }
    }
  }
}

/** A visit is known by its first attempt; one whose attempt never settled comes last. */
function* momentsOf({ records, visits }: Pick<Observation, 'records' | 'visits'>): Generator<Moment> {
  const byFirst = new Map<AuditRecord | undefined, StepVisit>()
  for (const visit of visits) byFirst.set(visit.attempts[0], visit)
  for (const record of records) {
    if (record.kind === 'step') {
      yield { kind: 'ended', path: record.path, tokenId: record.tokenId, record }
      continue
    }
    const visit = record.kind === 'attempt' ? byFirst.get(record) : undefined
    if (visit !== undefined) yield { kind: 'began', path: visit.path, tokenId: visit.tokenId, visit }
  }
  for (const visit of visits)
    if (visit.attempts.length === 0) yield { kind: 'began', path: visit.path, tokenId: visit.tokenId, visit }
}
