import type { RunRow, RunTrail } from '../store.ts'
import { waitingApprovals } from '../waiting-approvals.ts'
import { pathsWithParts, toBlame } from './blame.ts'
import type { Explanation, TokenStory, Visit } from './explanation.ts'
import { explainFate, type FateSources, fateSources } from './fate.ts'
import { visitsByToken } from './visits.ts'

/**
 * Puts a run's records in the order a person asks about them: each token's way, what every attempt got and gave
 * back, what it waited for, what came late, where tokens met, and why one never reached the end.
 *
 * @example
 * const { tokens } = explainRun(trail)
 * for (const { tokenId, fate } of tokens) if (fate.kind === 'stopped') console.log(tokenId, fate.because)
 */
export function explainRun(trail: RunTrail): Explanation {
  const { input, output, error } = trail
  const ways = visitsByToken(trail)
  const visits = [...ways.values()].flat()
  const within = pathsWithParts(visits)
  const sources = fateSources(trail, within)
  const tokens = createdTokens(trail, ways).map((created) => storyOf(created, ways, sources))
  const items = new Map(tokens.map(({ tokenId, item }) => [tokenId, item]))
  const ofItems = visits.map((visit) => ({ visit, item: items.get(visit.tokenId) ?? null }))
  return {
    run: rowOf(trail),
    input,
    output,
    error,
    tokens,
    joins: trail.joinRows,
    because: toBlame(ofItems, within),
    waiting: trail.status === 'paused' ? waitingApprovals(trail) : [],
    lastAtMs: lastAtMs(trail),
    spent: spentOn(trail.attemptRows),
  }
}

type Origin = Omit<TokenStory, 'visits' | 'fate'>

function storyOf(
  { tokenId, parentIds, branch, item, createdAtMs }: Origin,
  ways: ReadonlyMap<string, readonly Visit[]>,
  sources: FateSources,
): TokenStory {
  const visits = ways.get(tokenId) ?? []
  const fate = explainFate(tokenId, visits, sources)
  return { tokenId, parentIds, branch, item, createdAtMs, visits, fate }
}

/** The tokens on record; one that left records without having been created is listed after them. */
function createdTokens(trail: RunTrail, ways: ReadonlyMap<string, unknown>): readonly Origin[] {
  const created = trail.tokenRows.map(({ tokenId, parentIds, branch, item, atMs }): Origin => {
    return { tokenId, parentIds, branch, item, createdAtMs: atMs }
  })
  const known = new Set(created.map(({ tokenId }) => tokenId))
  const others = [...ways.keys()].filter((tokenId) => !known.has(tokenId))
  return [
    ...created,
    ...others.map((tokenId): Origin => {
      return { tokenId, parentIds: [], branch: null, item: null, createdAtMs: null }
    }),
  ]
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
    usage: trail.usage,
    feedback: trail.feedback,
  }
}

function lastAtMs(trail: RunTrail): number {
  const { attemptRows, tokenRows, startRows, stepRows, eventRows, joinRows, outcomeRows } = trail
  // A loop and not Math.max(...): a run can have more rows than a call can have arguments.
  let last = 0
  for (const { startedAtMs, latencyMs } of attemptRows) last = Math.max(last, startedAtMs + latencyMs)
  for (const rows of [tokenRows, startRows, stepRows, eventRows, joinRows, outcomeRows])
    for (const { atMs } of rows) last = Math.max(last, atMs)
  return last
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
