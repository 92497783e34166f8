import { createTerminal, labelled, rule, safe } from '../text/terminal.ts'
import type { Terminal } from '../text/terminal.ts'
import { textWidth } from '../text/wrap.ts'
import { count, duration } from '../text/words.ts'
import type { RunTrail } from '../../src/index.ts'
import { describeError, describePayload, describeUsage } from './payload.ts'
import { timelineOf } from './timeline.ts'
import { reasonsOf } from './reasons.ts'
import { formatMoment } from '../text/moment.ts'
import { fold } from '../text/layout.ts'

/** Attempts, events and ends shown; a run in a tight loop has thousands. */
const MOMENTS_MAX = 200
const LABEL_COLUMNS = 11
const TIME_COLUMNS = 12
const DETAIL_COLUMNS = 8

/**
 * One run as a story for a terminal: what it was, what happened in which order, what became of its tokens, and why it
 * did not reach the end if it did not.
 */
export function renderTrail(
  trail: RunTrail,
  layout: { readonly color: boolean; readonly columns: number },
): string {
  const terminal = createTerminal(layout.color, layout.columns)
  const lines = [
    ...header(trail, terminal),
    '',
    rule(terminal, 'WHAT HAPPENED', terminal.colors.dim),
    ...timeline(trail, terminal),
    '',
    rule(terminal, 'TOKENS', terminal.colors.dim),
    ...tokens(trail, terminal),
  ]
  const reasons = reasonsOf(trail)
  if (reasons.length > 0) {
    lines.push('', rule(terminal, 'WHY IT DID NOT REACH THE END', terminal.colors.red))
    for (const reason of reasons) lines.push(...labelled(terminal, ' • ', safe(reason)))
  }
  return `${lines.join('\n')}\n`
}

function header(trail: RunTrail, terminal: Terminal): string[] {
  const { bold, green, red, yellow } = terminal.colors
  const row = (label: string, text: string): string[] => entry(` ${label}`, LABEL_COLUMNS, text, terminal)
  const { status, latencyMs, attempts, costUsd, tokens: spent } = trail
  const paint = status === 'completed' ? green : status === 'failed' ? red : yellow
  const took = latencyMs === null ? '' : ` in ${duration(latencyMs)}`
  const tries = attempts === null ? [] : [count(attempts, 'attempt')]
  const paid = describeUsage({ costUsd: costUsd ?? 0, tokens: spent ?? 0 })
  return [
    paint(bold(` ${status.toUpperCase()}${took}`)),
    ...row('Run', trail.runId),
    ...row('Pipeline', trail.pipeline),
    ...row('Started', formatMoment(trail.startedWallMs)),
    ...(attempts === null ? [] : row('Spent', [...tries, ...paid].join(', '))),
    ...row('Input', describePayload(trail.input)),
    ...(trail.output === null ? [] : row('Output', describePayload(trail.output))),
    ...(trail.feedback === null ? [] : row('Feedback', trail.feedback)),
    ...(trail.error === null ? [] : row('Error', describeError(trail.error).join('\n'))),
  ]
}

function timeline(trail: RunTrail, terminal: Terminal): string[] {
  const moments = timelineOf(trail)
  if (moments.length === 0) return [' Nothing was recorded after its start.']
  const lines: string[] = []
  for (const { atMs, title, details } of moments.slice(0, MOMENTS_MAX)) {
    lines.push(...entry(duration(atMs).padStart(TIME_COLUMNS - 2), TIME_COLUMNS, title, terminal))
    for (const [label, text] of details)
      lines.push(...entry(' '.repeat(TIME_COLUMNS) + label, TIME_COLUMNS + DETAIL_COLUMNS, text, terminal))
  }
  const left = moments.length - MOMENTS_MAX
  return left > 0 ? [...lines, ` … and ${count(left, 'more moment')}, all in --json`] : lines
}

function tokens(trail: RunTrail, terminal: Terminal): string[] {
  const outcomes = new Map(trail.outcomeRows.map((row) => [row.tokenId, row]))
  return trail.tokenRows.flatMap(({ tokenId, parentId }) => {
    const origin = parentId === null ? '' : ` (from ${parentId})`
    return entry(` ${tokenId}${origin}`, LABEL_COLUMNS, fateOf(outcomes.get(tokenId)), terminal)
  })
}

function fateOf(row: RunTrail['outcomeRows'][number] | undefined): string {
  if (row === undefined) return 'no outcome yet'
  const { outcome, atMs, reason, errorHash } = row
  const why = reason === null ? '' : `: ${reason}`
  const hash = errorHash === null ? '' : ` (reason ${errorHash})`
  return `${outcome} at ${duration(atMs)}${why}${hash}`
}

/** A label, and text beside it that keeps within the terminal whatever it holds. */
function entry(label: string, columns: number, text: string, terminal: Terminal): string[] {
  const beside = Math.max(columns, textWidth(label) + 1)
  return labelled(terminal, label.padEnd(beside), fold(safe(text), terminal.columns - beside))
}
