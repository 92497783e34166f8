import type { FaultAction } from '../../faults/play/action.ts'
import type { UnfiredFault } from '../../faults/play/vacuity.ts'
import type { ObservedCall } from '../../scenario/observation.ts'

/**
 * The faults that acted in vain: each only on calls that nobody waited for, that left it no answer to act on, or that are no
 * calls of this scenario.
 */
export function faultsInVain(calls: readonly ObservedCall[]): readonly UnfiredFault[] {
  if (calls.every(hadEffect)) return []
  const byAction = new Map<FaultAction, ObservedCall[]>()
  for (const call of calls) {
    if (call.action === undefined) continue
    const known = byAction.get(call.action)
    if (known === undefined) byAction.set(call.action, [call])
    else known.push(call)
  }
  return [...byAction].flatMap(([{ pattern, index, step, text }, of]) => {
    if (of.some(hadEffect)) return []
    return [{ pattern, index, step, text, reason: reasonOf(of), calls: of.length }]
  })
}

function hadEffect({ heard, answered, leftOver }: ObservedCall): boolean {
  return heard && answered && !leftOver
}

function reasonOf(calls: readonly ObservedCall[]): UnfiredFault['reason'] {
  if (calls.every(({ leftOver }) => leftOver)) return 'left-over'
  return calls.every(({ heard }) => !heard) ? 'unheard' : 'unanswered'
}
