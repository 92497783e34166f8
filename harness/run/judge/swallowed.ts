import type { Observation } from '../../scenario/observation.ts'
import type { Remark } from '../../scenario/verdict.ts'

/**
 * A function that completed although faults failed its calls, called nothing more afterwards, and whose output nobody
 * looks at: it may have an answer without them, or an empty `catch`. The scenario cannot tell.
 */
export function swallowedRemark({
  scenario,
  thrown,
  plan,
  calls,
  virtualMs,
}: Observation): Remark | undefined {
  if (plan !== undefined || thrown !== null) return undefined
  const { expect } = scenario.spec
  if ('output' in expect || expect.outputMatches !== undefined) return undefined
  const failed = calls
    .filter(({ action, settled }) => action !== undefined && settled === 'threw')
    // What fails after the end is known to nobody.
    .filter(({ settledAtMs }) => settledAtMs !== null && settledAtMs <= virtualMs)
    .toSorted((one, other) => one.callsBeforeSettled - other.callsBeforeSettled)
  const [first] = failed
  if (first === undefined) return undefined
  if (calls.length > first.callsBeforeSettled) return undefined
  const points = [...new Set(failed.map(({ point }) => point))].join(', ')
  return {
    code: 'E_SWALLOWED',
    at: ['faults', first.point],
    message:
      `Every fault was swallowed: the subject completed after the failure of ${points} and called nothing more. ` +
      'If it has an answer without that call, expect it: `output`.',
  }
}
