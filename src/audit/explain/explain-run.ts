import { explainFate } from './fate.ts'
import { placeEvents } from './events.ts'
import { explainVisits } from './visits.ts'
import type { Explanation } from './explanation.ts'
import type { RunRow, RunTrail } from '../store.ts'

/**
 * Puts a run's records in the order a person asks about them: each token's way, what every attempt got and gave
 * back, what it waited for, what came late, and why a token never reached the end.
 *
 * @example
 * const { tokens } = explainRun(trail)
 * for (const { tokenId, fate } of tokens) if (fate.kind === 'stopped') console.log(tokenId, fate.because)
 */
export function explainRun(trail: RunTrail): Explanation {
  const { input, output, error } = trail
  const { ofToken, unplaced } = placeEvents(trail)
  const tokens = trail.tokenRows.map(({ tokenId, parentId, atMs }) => {
    const visits = explainVisits(trail, tokenId, ofToken.get(tokenId) ?? [])
    return { tokenId, parentId, createdAtMs: atMs, visits, fate: explainFate(trail, tokenId, visits) }
  })
  return { run: rowOf(trail), input, output, error, tokens, unplaced, spent: spentOn(trail.attemptRows) }
}

function rowOf(trail: RunTrail): RunRow {
  return {
    runId: trail.runId,
    pipeline: trail.pipeline,
    status: trail.status,
    startedWallMs: trail.startedWallMs,
    finishedWallMs: trail.finishedWallMs,
    latencyMs: trail.latencyMs,
    attempts: trail.attempts,
    costUsd: trail.costUsd,
    tokens: trail.tokens,
    feedback: trail.feedback,
  }
}

function spentOn(attempts: RunTrail['attemptRows']): Explanation['spent'] {
  let workedMs = 0
  let waitedMs = 0
  let costUsd = 0
  let tokens = 0
  for (const { latencyMs, delayMs, usage } of attempts) {
    workedMs += latencyMs
    waitedMs += delayMs
    costUsd += usage.costUsd
    tokens += usage.tokens
  }
  return { attempts: attempts.length, workedMs, waitedMs, usage: { costUsd, tokens } }
}
