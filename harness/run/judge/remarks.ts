import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

import { deafCalls } from './deaf-calls.ts'
import { globalsKeptRemark } from './globals-kept.ts'
import { hookErrorsRemark } from './hook-errors.ts'
import { observed } from './observed.ts'
import { outerTimeoutRemarks } from './outer-timeout.ts'
import { leftOverRemark } from './left-over.ts'
import { listenersLeftRemark } from './listeners-left.ts'
import { lostCauseRemark } from './lost-cause.ts'
import { misspeltMarks } from './expect-marks.ts'
import { misspeltRemarks } from './known-names.ts'
import { swallowedRemark } from './swallowed.ts'
import { timersLeftRemark } from './timers-left.ts'
import { anyErrorRemark } from './unsaid-ending.ts'

/** What each looks at; of an execution that did not end it says nothing. */
const LOOKS: readonly ((observation: Observation) => Remark | undefined | readonly Remark[])[] = [
  (observation) => anyErrorRemark(observation, observed(observation)),
  swallowedRemark,
  lostCauseRemark,
  timersLeftRemark,
  listenersLeftRemark,
  leftOverRemark,
  misspeltMarks,
  misspeltRemarks,
  globalsKeptRemark,
  hookErrorsRemark,
  outerTimeoutRemarks,
]

/** What about an execution deserves a look though it fails nobody. */
export function remarksOn(observation: Observation): readonly Remark[] {
  const deaf = deafCalls(observation.departure)
  if (observation.end.kind !== 'settled') return deaf
  return [...deaf, ...LOOKS.flatMap((look) => look(observation) ?? [])]
}

/** What a subject made of the language; the verdict was reached without it. */
export function replacedRemark(replaced: readonly string[]): readonly Remark[] {
  if (replaced.length === 0) return []
  const message = `While the scenario ran, ${replaced.slice(0, NAMES_MAX).join(', ')} had been replaced. The verdict was reached with the originals, and what the scenario replaced was put back after it.`
  return [{ code: 'E_INTRINSICS', message }]
}

const NAMES_MAX = 5
