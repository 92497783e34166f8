import type { AttemptStory, EventStory, Explanation, JoinStory, Visit } from '../../src/index.ts'
import { shorten } from '../text/visible.ts'
import { count, duration } from '../text/words.ts'
import { describeBag, describeError, describePayload, describeUsage } from './payload.ts'

/** Something that happened in a run. */
export interface Moment {
  /** Milliseconds since the run started. */
  readonly atMs: number
  /** Position in the record, for what happened at the same time. */
  readonly seq: number
  readonly title: string
  readonly details: readonly (readonly [label: string, text: string])[]
}

/** What events say in words; one of a kind that is not listed says its name. */
const EVENT_WORDS: Readonly<Record<string, string>> = {
  abandoned: 'a cancelled branch was not waited for any longer',
  fallback: 'the fallback starts',
  hook_error: 'a hook threw, which changed nothing',
  mark: 'reached a mark',
  marks_left_out: 'reached more marks than are on record',
  quota_exceeded: 'spent more than the quota allows',
  quota_reservation_denied: 'was not begun: its estimate is more than the quota has left',
}

/** Of an error that came too late to matter. */
const LATE_ERROR_CHARS_MAX = 200

/** Events whose words say all that their details do. */
const EVENT_SENTENCES: Readonly<Record<string, (detail: EventStory['detail']) => string>> = {
  chosen: ({ branch, selected }) =>
    `chose ${String(branch)}${typeof selected === 'string' ? `, for there is no ${selected}` : ''}`,
  // Its attempt timed out or was cancelled; a join may have waited for it all the same.
  late: ({ attempt, settled, error }) =>
    `attempt ${String(attempt)} ${String(settled)} after it had ended, which changed nothing${typeof error === 'string' ? `: ${shorten(error, LATE_ERROR_CHARS_MAX)}` : ''}`,
  iteration: ({ iteration, status, met }) =>
    `iteration ${String(iteration)} ${String(status)}${met === undefined ? '' : `, its condition ${met === true ? 'met' : 'not met'}`}`,
}

/** Everything that happened in a run, attempts at their start, in the order of time and then of the record. */
export function timelineOf({ tokens, joins }: Explanation): readonly Moment[] {
  const moments = joins.map(joinMoment)
  for (const { visits } of tokens)
    for (const visit of visits) {
      const where = whereOf(visit, tokens.length > 1)
      for (const attempt of visit.attempts) {
        moments.push(attemptMoment(attempt, where))
        moments.push(...attempt.events.map((event) => eventMoment(event, where)))
      }
      moments.push(...visit.events.map((event) => eventMoment(event, where)), ...endMoments(visit, where))
    }
  return moments.toSorted((a, b) => a.atMs - b.atMs || a.seq - b.seq)
}

/** The path, with what tells it apart from others of the same path. */
function whereOf({ path, visit, tokenId }: Visit, severalTokens: boolean): string {
  return `${path}${visit > 1 ? `, visit ${visit}` : ''}${severalTokens ? ` [${tokenId}]` : ''}`
}

function attemptMoment(attempt: AttemptStory, where: string): Moment {
  const { seq, status, startedAtMs, waitedMs, latencyMs, usage, input, output, errorText } = attempt
  const waited = waitedMs > 0 ? `, after a wait of ${duration(waitedMs)}` : ''
  // Its process died: nobody has seen its end, and what it was given went with it.
  const isLost = status === 'interrupted' && input === null
  const end = isLost
    ? 'interrupted'
    : latencyMs === null
      ? 'started, no end was recorded'
      : `${status} after ${duration(latencyMs)}`
  const cost = describeUsage(usage)
  return {
    atMs: startedAtMs,
    seq,
    title: `${where}, attempt ${attempt.attempt}${waited}: ${end}`,
    details:
      latencyMs === null
        ? []
        : [
            ['input', isLost ? 'not on record' : describePayload(input)],
            // An output that was refused is on record beside the error that refused it.
            ...(errorText !== null && output === null ? [] : [['output', describePayload(output)] as const]),
            ...(errorText === null ? [] : [['error', describeError(errorText).join('\n')] as const]),
            ...(cost.length === 0 ? [] : [['spent', cost.join(', ')] as const]),
          ],
  }
}

function eventMoment({ seq, event, atMs, detail }: EventStory, where: string): Moment {
  const sentence = Object.hasOwn(EVENT_SENTENCES, event) ? EVENT_SENTENCES[event] : undefined
  if (sentence !== undefined) return { atMs, seq, title: `${where}: ${sentence(detail)}`, details: [] }
  const title = `${where}: ${EVENT_WORDS[event] ?? event}`
  return { atMs, seq, title, details: isEmpty(detail) ? [] : [['detail', describeBag(detail)]] }
}

/** A step that ran once says nothing that its attempt has not said; one that is open has not ended. */
function endMoments(visit: Visit, where: string): readonly Moment[] {
  const { node, status, attemptsCounted, endedAtMs, endedSeq, feedback, metadata } = visit
  if (endedAtMs === null || endedSeq === null) return []
  if (visit.attempts.length === 1 && isEmpty(metadata)) return []
  // The join itself says who came, once for all of them.
  if (node === 'join') return []
  return [
    {
      atMs: endedAtMs,
      seq: endedSeq,
      title: `${where} (${node ?? 'node'}): ${status} after ${count(attemptsCounted ?? 0, metadata['iterations'] === undefined ? 'attempt' : 'iteration')}`,
      details: [
        ...(feedback === null ? [] : [['says', feedback] as const]),
        ...(isEmpty(metadata) ? [] : [['notes', describeBag(metadata)] as const]),
      ],
    },
  ]
}

function joinMoment(join: JoinStory): Moment {
  const { seq, atMs, path, visit, policy, status, tokenId, waitedMs, timeoutMs, input, output } = join
  const merged = status === 'merged'
  const came = merged ? `merged into ${tokenId ?? 'no token'}` : 'failed'
  const why = merged ? '' : `: ${join.reason ?? ''}`
  const limit = timeoutMs === null ? '' : `, its time limit of ${duration(timeoutMs)} over`
  return {
    atMs,
    seq,
    title: `${path}${visit > 1 ? `, visit ${visit}` : ''} (join, ${policy}): ${came} after ${duration(waitedMs)}${limit}${why}`,
    details: [
      ...(join.item === null ? [] : [['item', join.item] as const]),
      ...branchesOf(join),
      ...(input === null ? [] : [['held', describePayload(input)] as const]),
      ...(output === null ? [] : [['output', describePayload(output)] as const]),
    ],
  }
}

/** Which branches came to a join, and which did not. */
export function branchesOf(join: JoinStory): readonly (readonly [label: string, text: string])[] {
  const { arrived, missing, missingOutcome, lost } = join
  const came = arrived.map(({ branch, tokenId, atMs }) => `${branch} (${tokenId}, at ${duration(atMs)})`)
  const fate = missingOutcome === null ? '' : `; their tokens: ${missingOutcome}`
  return [
    ['arrived', came.length === 0 ? 'none' : came.join(', ')],
    ...(missing.length === 0 ? [] : [['missing', `${missing.join(', ')}${fate}`] as const]),
    ...(lost.length === 0
      ? []
      : [['lost', lost.map(({ branch, reason }) => `${branch} (${reason})`).join(', ')] as const]),
  ]
}

function isEmpty(bag: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(bag).length === 0
}
