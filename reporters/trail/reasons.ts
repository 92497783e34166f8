import { count, duration } from '../text/words.ts'
import { explainRun } from '../../src/index.ts'
import type { RunTrail } from '../../src/index.ts'

/** Failed steps that are named; the ones nearest to the end tell most. */
const STEPS_MAX = 8

/** Why a run has no completed end, in sentences; empty for one that has. */
export function reasonsOf(trail: RunTrail): readonly string[] {
  switch (trail.status) {
    case 'completed':
      return []
    case 'running':
      return [...unfinished(trail), ...openTokens(trail)]
    case 'cancelled':
      return ['It was aborted by its signal.', ...failedSteps(trail), ...openTokens(trail)]
    case 'paused':
      return ['It waits for somebody to resume it.', ...openTokens(trail)]
    case 'failed':
    case 'skipped':
      return [...failedSteps(trail), ...openTokens(trail)]
  }
}

function unfinished({ attemptRows, eventRows, stepRows }: RunTrail): readonly string[] {
  // A loop and not Math.max(...): a run can have more rows than a call can have arguments.
  let last = 0
  for (const { startedAtMs, latencyMs } of attemptRows) last = Math.max(last, startedAtMs + latencyMs)
  for (const { atMs } of [...eventRows, ...stepRows]) last = Math.max(last, atMs)
  return [
    'No end was recorded: it is still going, or its process died.',
    `Its last sign of life came ${duration(last)} after its start.`,
  ]
}

/** The steps that did not complete and that nothing made up for. */
function failedSteps(trail: RunTrail): readonly string[] {
  const failed = explainRun(trail).tokens.flatMap(({ fate }) => (fate.kind === 'stopped' ? fate.because : []))
  const sentences = failed.slice(-STEPS_MAX).map(({ path, status, attempts, feedback }) => {
    const after = `after ${count(attempts.length, 'attempt')}`
    return `${path} ${status} ${after}${feedback === null ? '' : `: ${feedback}`}`
  })
  const left = failed.length - STEPS_MAX
  return left > 0 ? [`… ${left} steps failed before these.`, ...sentences] : sentences
}

function openTokens(trail: RunTrail): readonly string[] {
  return explainRun(trail).tokens.flatMap(({ tokenId, fate }) => {
    if (fate.kind !== 'open') return []
    const seen = fate.last === null ? '' : `; it was last seen at ${fate.last.path}`
    return [`Token ${tokenId} has no outcome${seen}.`]
  })
}
