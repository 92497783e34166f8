import { count, duration } from '../text/words.ts'
import type { RunTrail } from '../../src/index.ts'
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

/** Everything that happened in a run, attempts at their start, in the order of time and then of the record. */
export function timelineOf({ attemptRows, eventRows, stepRows }: RunTrail): readonly Moment[] {
  // A step that ran once says nothing that its attempt has not said.
  const ends = stepRows.filter(
    ({ node, attempts, metadata }) => node !== 'step' || attempts !== 1 || !isEmpty(metadata),
  )
  const moments = [...attemptRows.map(attempt), ...eventRows.map(event), ...ends.map(end)]
  return moments.toSorted((a, b) => a.atMs - b.atMs || a.seq - b.seq)
}

/** What events say in words; one of a kind that is not listed says its name. */
const EVENT_WORDS: Readonly<Record<string, string>> = {
  late: 'an abandoned attempt settled late and changed nothing',
  fallback: 'the fallback starts',
}

function attempt(row: RunTrail['attemptRows'][number]): Moment {
  const { seq, path, status, latencyMs, delayMs, usage, startedAtMs, input, output, error } = row
  const waited = delayMs > 0 ? `, after a wait of ${duration(delayMs)}` : ''
  const cost = describeUsage(usage)
  return {
    atMs: startedAtMs,
    seq,
    title: `${path}, attempt ${row.attempt}${waited}: ${status} after ${duration(latencyMs)}`,
    details: [
      ['got', describePayload(input)],
      error === null ? ['gave', describePayload(output)] : ['threw', describeError(error).join('\n')],
      ...(cost.length === 0 ? [] : [['spent', cost.join(', ')] as const]),
    ],
  }
}

function event({ seq, path, event: name, atMs, detail }: RunTrail['eventRows'][number]): Moment {
  const title = `${path}: ${EVENT_WORDS[name] ?? name}`
  return { atMs, seq, title, details: isEmpty(detail) ? [] : [['that is', describeBag(detail)]] }
}

function end(row: RunTrail['stepRows'][number]): Moment {
  const { seq, path, node, status, attempts, atMs, feedback, metadata } = row
  return {
    atMs,
    seq,
    title: `${path} (${node}): ${status} after ${count(attempts, 'attempt')}`,
    details: [
      ...(feedback === null ? [] : [['says', feedback] as const]),
      ...(isEmpty(metadata) ? [] : [['notes', describeBag(metadata)] as const]),
    ],
  }
}

function isEmpty(bag: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(bag).length === 0
}
