import type { Explanation, JoinStory } from '../../src/index.ts'
import { count, duration } from '../text/words.ts'
import { branchesOf } from './timeline.ts'

/** Failed steps, joins or open tokens that are named; the ones nearest to the end tell most. */
const NAMED_MAX = 8

/** Why a run has no completed end, in sentences; empty for one that has. */
export function reasonsOf(explanation: Explanation): readonly string[] {
  switch (explanation.run.status) {
    case 'completed':
      return []
    case 'running':
      return [
        'No end was recorded: it is still going, or its process died.',
        `The last thing recorded came ${duration(explanation.lastAtMs)} after its start.`,
        ...openTokens(explanation),
      ]
    case 'cancelled':
      return ['It was aborted by its signal.', ...failures(explanation)]
    case 'paused':
      return waitingFor(explanation)
    case 'failed':
    case 'skipped':
      return failures(explanation)
  }
}

/** What a paused run waits for, and how it goes on. */
function waitingFor({ run, waiting }: Explanation): readonly string[] {
  if (waiting.length === 0) return [`It waits to be resumed: engine.resume('${run.runId}').`]
  const sentences = waiting.map(({ path, visit, message, atMs }) => {
    const where = visit > 1 ? `${path}, visit ${visit},` : path
    return `It has waited for approval at ${where} since ${duration(atMs)} after its start: ${message}`
  })
  const at = waiting.length === 1 ? '' : `, { at: '${waiting[0]?.path ?? ''}' }`
  return [
    ...lastOf(sentences, 'approvals asked for before these'),
    `Answer with engine.resume('${run.runId}', answer${at}).`,
  ]
}

function failures(explanation: Explanation): readonly string[] {
  return [...failedSteps(explanation), ...failedJoins(explanation), ...openTokens(explanation)]
}

/** What did not complete and nothing made up for. */
function failedSteps({ because, tokens }: Explanation): readonly string[] {
  const items = new Map(tokens.map(({ tokenId, item }) => [tokenId, item]))
  const sentences = because.map(({ tokenId, path, visit, status, node, attempts, feedback }) => {
    const item = items.get(tokenId) ?? null
    const ofItem = item === null ? path : `${path} of item ${item}`
    const where = visit > 1 ? `${ofItem}, visit ${visit},` : ofItem
    // Only steps make attempts.
    const composite = attempts.length === 0 && node !== null && node !== 'step'
    const after = composite ? '' : ` after ${count(attempts.length, 'attempt')}`
    return `${where} ${status === 'open' ? 'did not end' : status}${after}${feedback === null ? '' : `: ${feedback}`}`
  })
  return lastOf(sentences, 'failed before these')
}

function failedJoins({ joins }: Explanation): readonly string[] {
  return lastOf(
    joins.filter(({ status }) => status === 'failed').map(failedJoin),
    'joins failed before these',
  )
}

function failedJoin(join: JoinStory): string {
  const { path, item, policy, reason } = join
  const ofItem = item === null ? '' : ` of item ${item}`
  const branches = branchesOf(join).map(([label, text]) => `${label}: ${text}`)
  return `The join ${path} (${policy})${ofItem} failed: ${reason ?? 'no reason was recorded'}. ${branches.join('; ')}.`
}

function openTokens({ tokens }: Explanation): readonly string[] {
  const sentences = tokens.flatMap(({ tokenId, item, fate }) => {
    if (fate.kind !== 'open') return []
    const carries = item === null ? '' : ` of item ${item}`
    const seen = fate.last === null ? '' : `; it was last seen at ${fate.last.path}`
    return [`Token ${tokenId}${carries} has no outcome${seen}.`]
  })
  return lastOf(sentences, 'tokens without an outcome before these')
}

/** The last few sentences, and how many there are before them. */
function lastOf(sentences: readonly string[], before: string): readonly string[] {
  const left = sentences.length - NAMED_MAX
  return left > 0 ? [`… ${left} ${before}.`, ...sentences.slice(-NAMED_MAX)] : sentences
}
