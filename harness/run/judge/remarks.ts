import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'
import { deafCalls } from './deaf-calls.ts'
import { observed } from './observed.ts'
import { lostCauseRemark } from './lost-cause.ts'
import { misspeltMarks } from './expect-marks.ts'
import { misspeltRemarks } from './known-names.ts'
import { swallowedRemark } from './swallowed.ts'
import { timersLeftRemark } from './timers-left.ts'
import { anyErrorRemark } from './unsaid-ending.ts'

/** What about an execution deserves a look though it fails nobody. */
export function remarksOn(observation: Observation): readonly Remark[] {
  const remarks: Remark[] = [...deafCalls(observation.departure)]
  if (observation.end.kind !== 'settled') return remarks
  const any = anyErrorRemark(observation, observed(observation))
  if (any !== undefined) remarks.push(any)
  const swallowed = swallowedRemark(observation)
  if (swallowed !== undefined) remarks.push(swallowed)
  const lost = lostCauseRemark(observation)
  if (lost !== undefined) remarks.push(lost)
  const waiting = timersLeftRemark(observation)
  if (waiting !== undefined) remarks.push(waiting)
  remarks.push(...misspeltMarks(observation))
  remarks.push(...misspeltRemarks(observation))
  return remarks
}

/** What a subject made of the language; the verdict was reached without it. */
export function replacedRemark(replaced: readonly string[]): readonly Remark[] {
  if (replaced.length === 0) return []
  const message = `While the scenario ran, ${replaced.slice(0, NAMES_MAX).join(', ')} had been replaced. The verdict was reached with the originals. Other tests of this process run with the replacements.`
  return [{ code: 'E_INTRINSICS', message }]
}

const NAMES_MAX = 5
