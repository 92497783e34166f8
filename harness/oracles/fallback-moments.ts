import type { AuditRecord, StepRecord } from '../../src/index.ts'
import type { FallbackRunner } from '../../src/run/composites/fallback-runner.ts'
import type { Observation, StepVisit } from '../scenario/observation.ts'
import { Lineage, Parents } from './lineage.ts'
import { type FallbackPart, fallbackPartsIn, type PartOf } from './plan-walk.ts'

/** A visit to a step begins, or a node ends. */
type Moment =
  | { readonly kind: 'began'; readonly path: string; readonly tokenId: string; readonly visit: StepVisit }
  | { readonly kind: 'ended'; readonly path: string; readonly tokenId: string; readonly record: StepRecord }

/** Something happened to a part of a fallback node. */
export interface FallbackMoment<Note> extends PartOf {
  readonly moment: Moment
  /** What an oracle notes of this fallback node from moment to moment, along the way of each token. */
  readonly notes: Lineage<Note>
}

/** True when a step that is such a part of a fallback node was called. */
export function wasCalled({ plan, visits }: Observation, part: FallbackPart): boolean {
  const parts = fallbackPartsIn(plan)
  return visits.some(({ path, calls }) => calls.length > 0 && isPart(parts.get(path), part))
}

/** True when such a part of a fallback node completed. */
export function hasCompleted({ plan, records }: Observation, part: FallbackPart): boolean {
  const parts = fallbackPartsIn(plan)
  return records.some(
    (record) =>
      record.kind === 'step' && record.status === 'completed' && isPart(parts.get(record.path), part),
  )
}

/**
 * Tells what happened to each fallback node, in the order it was recorded.
 *
 * One token goes its way one node at a time, so what comes next on the way of a token belongs to what came before it:
 * that holds through forks, joins and loops, where neither the token nor the number of the visit stays the same.
 */
export function eachFallbackMoment<Note>(
  observation: Observation,
  tell: (moment: FallbackMoment<Note>) => void,
): void {
  const parts = fallbackPartsIn(observation.plan)
  const parents = new Parents(observation.records)
  const notes = new Map<FallbackRunner, Lineage<Note>>()
  eachMoment(observation, (moment) => {
    for (const { fallback, part } of parts.get(moment.path) ?? NO_PARTS) {
      let known = notes.get(fallback)
      if (known === undefined) notes.set(fallback, (known = new Lineage(parents)))
      tell({ fallback, part, moment, notes: known })
    }
  })
}

const NO_PARTS: readonly PartOf[] = []

/** A visit is known by its first attempt; one whose attempt never settled comes last. */
function eachMoment({ records, visits }: Observation, tell: (moment: Moment) => void): void {
  const byFirst = new Map<AuditRecord | undefined, StepVisit>()
  for (const visit of visits) byFirst.set(visit.attempts[0], visit)
  for (const record of records) {
    if (record.kind === 'step') {
      tell({ kind: 'ended', path: record.path, tokenId: record.tokenId, record })
      continue
    }
    const visit = record.kind === 'attempt' ? byFirst.get(record) : undefined
    if (visit !== undefined) tell({ kind: 'began', path: visit.path, tokenId: visit.tokenId, visit })
  }
  for (const visit of visits)
    if (visit.attempts.length === 0) tell({ kind: 'began', path: visit.path, tokenId: visit.tokenId, visit })
}

function isPart(parts: readonly PartOf[] | undefined, part: FallbackPart): boolean {
  return parts !== undefined && parts.some((each) => each.part === part)
}
