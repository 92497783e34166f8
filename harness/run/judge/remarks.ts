import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'
import { deafCalls } from './deaf-calls.ts'
import { observed } from './judge.ts'
import { anyErrorRemark } from './unsaid-ending.ts'

const NONE: readonly Remark[] = []

/** What about an execution deserves a look though it fails nobody. */
export function remarksOn(observation: Observation): readonly Remark[] {
  const { departure, end } = observation
  const any = end.kind === 'settled' ? anyErrorRemark(observation, observed(observation)) : undefined
  if (departure === null && any === undefined) return NONE
  return [...(any === undefined ? [] : [any]), ...deafCalls(departure)]
}
