import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'
import { observed } from './judge.ts'
import { anyErrorRemark } from './unsaid-ending.ts'

const NONE: readonly Remark[] = []

/** What about an execution deserves a look though it fails nobody. */
export function remarksOn(observation: Observation): readonly Remark[] {
  if (observation.end.kind !== 'settled') return NONE
  const any = anyErrorRemark(observation, observed(observation))
  return any === undefined ? NONE : [any]
}
