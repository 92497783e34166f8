import type { LoopPolicy } from '../../src/nodes/loop.ts'
import type { Plan } from '../../src/run/plan.ts'
import type { Observation } from '../scenario/observation.ts'
import { Lineage, Parents } from './lineage.ts'
import { oncePerPlan, plansOf } from './plan-walk.ts'

/** An iteration that has come to its end, as the trail says it. */
interface Round {
  readonly iteration: number
  /** Its loop's condition was met; nothing where that was not asked. */
  readonly met?: boolean
}

/** By path, how often the loops and the conversations of a tree go round at most. */
const mostRoundsIn = oncePerPlan((plan): ReadonlyMap<string, number> => {
  const going = [...plansOf(plan, 'loop'), ...plansOf(plan, 'conversation')]
  return new Map(going.map((each) => [each.path, policyOf(each).maxIterations]))
})

function policyOf({ node }: Plan): LoopPolicy {
  return (node as unknown as { readonly policy: LoopPolicy }).policy
}

/** Loops that went round more often than they may, or once more although their condition was met, in sentences. */
export function roundsTooMany({ plan, records }: Observation): readonly string[] {
  const mostAt = mostRoundsIn(plan)
  if (mostAt.size === 0) return []
  const parents = new Parents(records)
  const latest = new Map<string, Lineage<Round>>()
  return records.flatMap((record) => {
    if (record.kind !== 'event' || record.event !== 'iteration') return []
    const { path, tokenId } = record
    const round = record.detail as unknown as Round
    const most = mostAt.get(path) ?? Infinity
    let rounds = latest.get(path)
    if (rounds === undefined) latest.set(path, (rounds = new Lineage(parents)))
    const before = rounds.latest(tokenId)
    rounds.note(tokenId, round)
    if (round.iteration > most)
      return [`Expected at most ${most} iterations of ${path}, got iteration ${round.iteration}.`]
    // The next use of the loop begins with its first.
    return before?.met === true && round.iteration === before.iteration + 1
      ? [
          `Expected ${path} to end with iteration ${before.iteration}, which met its condition, got iteration ${round.iteration}.`,
        ]
      : []
  })
}
