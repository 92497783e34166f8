import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

const NONE: readonly Remark[] = []

/** What about an execution deserves a look though it fails nobody. */
export function remarksOn(_observation: Observation): readonly Remark[] {
  return NONE
}
