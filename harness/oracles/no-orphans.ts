import type { Observation, ObservedCall } from '../scenario/observation.ts'
import type { Problem } from '../scenario/verdict.ts'
import { orphansAmong } from './late-release.ts'
import { listCalls, listConnections, listTimers } from './list-calls.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'

/**
 * 10: a function starts no call once it has settled, and leaves no timer that goes on for ever, and no connection open, that
 * keeps the process alive.
 * Its caller has the answer and hears nothing of what such a call does or costs. What gives back something that came too late
 * is no orphan (`late-release.ts`); work that goes on by design says so with `background: true`. Of a pipeline's steps only the
 * timers are its concern.
 */
export const noOrphans: Oracle = {
  number: 10,
  name: 'no-orphans',
  judges: 'any',
  check(observation) {
    if (observation.scenario.spec.background === true) return []
    // What a step may still call is the engine's to hold; of a timer it knows nothing.
    if (observation.plan !== undefined) return endlessTimers(observation)
    return [...lateCalls(observation), ...endlessTimers(observation), ...openConnections(observation)]
  },
}

function lateCalls({ calls, callsBeforeEnd, idle, virtualMs }: Observation): readonly Problem[] {
  for (const { sinceMs, fromCall, toCall } of idle) {
    const between = orphansAmong(calls, fromCall, toCall)
    if (between.length > 0)
      return [orphans(`while no caller waited for the subject, from ${sinceMs} ms on`, between)]
  }
  const late = callsBeforeEnd === undefined ? [] : orphansAmong(calls, callsBeforeEnd, calls.length)
  return late.length === 0 ? [] : [orphans(`after the subject had settled at ${virtualMs} ms`, late)]
}

function orphans(when: string, calls: readonly ObservedCall[]): Problem {
  return violation(
    noOrphans,
    `Expected no call ${when}, got ${listCalls(calls)}. Stop what lost the race, or await it; say \`background: true\` if it is meant to go on.`,
    { expected: 0, actual: calls.length },
  )
}

function endlessTimers({ timersLeft, callsBeforeEnd, virtualMs }: Observation): readonly Problem[] {
  // What has not settled has left nothing yet.
  if (callsBeforeEnd === undefined) return []
  const endless = timersLeft.filter((timer) => timer.endless)
  if (endless.length === 0) return []
  return [
    violation(
      noOrphans,
      `Expected no timer to go on for ever after the subject had settled at ${virtualMs} ms, got ${listTimers(endless)}: the process cannot end. Clear it when the work is over, or \`unref()\` it; say \`background: true\` if it is meant to go on.`,
      { expected: 0, actual: endless.length },
    ),
  ]
}

function openConnections({ connectionsLeft, callsBeforeEnd, virtualMs }: Observation): readonly Problem[] {
  if (callsBeforeEnd === undefined || connectionsLeft.length === 0) return []
  return [
    violation(
      noOrphans,
      `Expected no connection to stay open after the subject had settled at ${virtualMs} ms, got ${listConnections(connectionsLeft)}: the process cannot end. Close it when the work is over; say \`background: true\` if it is meant to go on.`,
      { expected: 0, actual: connectionsLeft.length },
    ),
  ]
}
