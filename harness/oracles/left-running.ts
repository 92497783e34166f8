import type { Observation, StepVisit } from '../scenario/observation.ts'
import { Forks } from './forks.ts'
import { plansOf } from './plan-walk.ts'

/** Sums of fractions of a millisecond come out a little off. */
const OFF_MS = 1e-6

/** Functions of cancelled branches that ran on after their node had ended, which waits for them, in sentences. */
export function leftRunning(observation: Observation): readonly string[] {
  const { plan, records, visits, end, result, crashed, departure } = observation
  if (plansOf(plan, 'parallel').length === 0 || end.kind !== 'settled' || crashed) return []
  // Whoever has left, and whoever pauses, waits for nothing.
  if (departure !== null || (result?.status !== 'completed' && result?.status !== 'failed')) return []
  const cancelled = visits.filter(isCancelled)
  if (cancelled.length === 0) return []
  const forks = new Forks()
  const endedAtMs = new Map<string, number>()
  const givenUp = new Set<string>()
  for (const record of records) {
    forks.add(record)
    if (record.kind === 'event' && record.event === 'abandoned') {
      // By the token that the branch goes on with, which a join inside it has made.
      const part = forks.of(record.tokenId)[0]?.part
      if (part !== undefined) givenUp.add(part)
    }
    if (record.kind === 'step' && record.node === 'parallel')
      for (const joined of forks.joinedTo(record.tokenId)) {
        const part = forks.of(joined)[0]?.part
        if (part !== undefined) endedAtMs.set(part, record.atMs)
      }
  }
  return cancelled.flatMap((visit) => {
    const inside = forks.of(visit.tokenId)
    if (inside.some(({ part }) => givenUp.has(part))) return []
    // The innermost may leave the wait to the ones around it, whose branch it is in.
    const untilMs = endedAtMs.get(inside.at(-1)?.part ?? '')
    const settledAtMs = settledMs(visit)
    if (untilMs === undefined || settledAtMs <= untilMs + OFF_MS) return []
    const ended = settledAtMs === Infinity ? 'never ended' : `ended at ${settledAtMs} ms`
    return [
      `Expected the function of ${visit.path}, which was cancelled, to be waited for, got a join at ${untilMs} ms and a function that ${ended}.`,
    ]
  })
}

function isCancelled({ attempts, calls }: StepVisit): boolean {
  return attempts.length === calls.length && attempts.at(-1)?.status === 'cancelled'
}

/** When the last call of a visit settled, in milliseconds since the run started, as records have it. */
function settledMs({ attempts, calls }: StepVisit): number {
  const call = calls.at(-1)
  const attempt = attempts.at(-1)
  if (call === undefined || attempt === undefined) return 0
  return call.settledAtMs === null ? Infinity : call.settledAtMs - call.atMs + attempt.startedAtMs
}
