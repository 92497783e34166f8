import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'
import { deafCalls } from './deaf-calls.ts'
import { observed } from './judge.ts'
import { misspeltRemarks } from './known-names.ts'
import { anyErrorRemark } from './unsaid-ending.ts'

/** What about an execution deserves a look though it fails nobody. */
export function remarksOn(observation: Observation): readonly Remark[] {
  const remarks: Remark[] = [...deafCalls(observation.departure)]
  if (observation.end.kind !== 'settled') return remarks
  const any = anyErrorRemark(observation, observed(observation))
  if (any !== undefined) remarks.push(any)
  remarks.push(...misspeltRemarks(observation))
  return remarks
}
