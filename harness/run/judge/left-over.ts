import { list } from '../../oracles/list-calls.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/** Timers of earlier scenarios have fired: what they did is part of what was judged, and would not be there otherwise. */
export function leftOverRemark({ leftOver }: Observation): Remark | undefined {
  if (leftOver.length === 0) return undefined
  return {
    code: 'E_LEFT_OVER',
    message:
      `Timers that earlier scenarios left (${list(leftOver)}) fired while this one ran; alone, or in another order, it may end ` +
      'otherwise. Clear them when the work is over, or set them when the module is imported.',
  }
}
