import { listTimers } from '../../oracles/list-calls.ts'
import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/** Shorter waits than this, in milliseconds, keep no process alive that anyone would wait for. */
const LEFT_MS_MIN = 1_000

/** Waits of the subject's own that outlive it: they end, but keep the process alive until then. */
export function timersLeftRemark({ scenario, timersLeft }: Observation): Remark | undefined {
  if (scenario.spec.background === true) return undefined
  const long = timersLeft.filter(({ endless, leftMs }) => !endless && leftMs >= LEFT_MS_MIN)
  if (long.length === 0) return undefined
  const longestMs = Math.max(...long.map(({ leftMs }) => leftMs))
  return {
    code: 'E_TIMER_LEFT',
    message: `${listTimers(long)} still waited when the subject had settled, and would keep the process alive for ${longestMs} ms. Clear it when the work is over, or \`unref()\` it.`,
  }
}
