import { createTerminal, labelled, rule, safe, safeLine } from '../text/terminal.ts'
import type { Terminal } from '../text/terminal.ts'
import { textWidth } from '../text/wrap.ts'
import { count, duration } from '../text/words.ts'
import type { Explanation, Fate, TokenStory } from '../../src/index.ts'
import { describeError, describePayload, describeUsage } from './payload.ts'
import { timelineOf } from './timeline.ts'
import { reasonsOf } from './reasons.ts'
import { formatMoment } from '../text/moment.ts'
import { fold } from '../text/layout.ts'

/** Attempts, events and ends shown; a run in a tight loop has thousands. */
const MOMENTS_MAX = 200
/** Tokens listed; a run over many items has thousands. */
const TOKENS_MAX = 200
const LABEL_COLUMNS = 11
const TIME_COLUMNS = 12
const DETAIL_COLUMNS = 8

/**
 * One run as a story for a terminal: what it was, what happened in which order, what became of its tokens, and why it
 * did not reach the end if it did not.
 */
export function renderExplanation(
  explanation: Explanation,
  layout: { readonly color: boolean; readonly columns: number },
): string {
  const terminal = createTerminal(layout.color, layout.columns)
  const lines = [
    ...header(explanation, terminal),
    '',
    rule(terminal, 'WHAT HAPPENED', terminal.colors.dim),
    ...timeline(explanation, terminal),
    '',
    rule(terminal, 'TOKENS', terminal.colors.dim),
    ...tokens(explanation, terminal),
  ]
  const reasons = reasonsOf(explanation)
  if (reasons.length > 0) {
    lines.push('', rule(terminal, 'WHY IT DID NOT REACH THE END', terminal.colors.red))
    for (const reason of reasons) lines.push(...labelled(terminal, ' • ', safe(reason)))
  }
  return `${lines.join('\n')}\n`
}

function header({ run, input, output, error }: Explanation, terminal: Terminal): string[] {
  const { bold, green, red, yellow } = terminal.colors
  const row = (label: string, text: string): string[] => entry(` ${label}`, LABEL_COLUMNS, text, terminal)
  const { status, latencyMs, attempts, usage } = run
  const paint = status === 'completed' ? green : status === 'failed' ? red : yellow
  const took = latencyMs === null ? '' : ` in ${duration(latencyMs)}`
  const tries = attempts === null ? [] : [count(attempts, 'attempt')]
  const paid = usage === null ? [] : describeUsage(usage)
  return [
    paint(bold(` ${status.toUpperCase()}${took}`)),
    ...row('Run', run.runId),
    ...row('Pipeline', run.pipeline),
    ...row('Started', formatMoment(run.startedWallMs)),
    ...(attempts === null ? [] : row('Spent', [...tries, ...paid].join(', '))),
    ...row('Input', describePayload(input)),
    ...(output === null ? [] : row('Output', describePayload(output))),
    ...(run.feedback === null ? [] : row('Feedback', run.feedback)),
    ...(error === null ? [] : row('Error', describeError(error).join('\n'))),
  ]
}

function timeline(explanation: Explanation, terminal: Terminal): string[] {
  const moments = timelineOf(explanation)
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

function tokens(explanation: Explanation, terminal: Terminal): string[] {
  const lines = explanation.tokens
    .slice(0, TOKENS_MAX)
    .flatMap((token) =>
      entry(` ${token.tokenId}${originOf(token)}`, LABEL_COLUMNS, fateOf(token.fate), terminal),
    )
  const left = explanation.tokens.length - TOKENS_MAX
  return left > 0 ? [...lines, ` … and ${count(left, 'more token')}, all in --json`] : lines
}

/** ` (branch tone of t1, item row-7)`; empty for the root of a run over one input. */
function originOf({ parentIds, branch, item }: TokenStory): string {
  const parents = parentIds.join(' and ')
  const from = parents === '' ? [] : [branch === null ? `from ${parents}` : `branch ${branch} of ${parents}`]
  const parts = [...from, ...(item === null ? [] : [`item ${item}`])]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function fateOf(fate: Fate): string {
  switch (fate.kind) {
    case 'reached-end':
      return `completed at ${duration(fate.atMs)}`
    case 'forked':
      return `forked at ${duration(fate.atMs)}${fate.into.length === 0 ? '' : ` into ${fate.into.join(', ')}`}`
    case 'coalesced':
      return `coalesced at ${duration(fate.atMs)}${fate.into === null ? '' : ` into ${fate.into}`}${because(fate.reason)}`
    case 'stopped': {
      const { outcome, atMs, reason, errorHash, joinGroup } = fate
      const hash = errorHash === null ? '' : ` (reason ${errorHash})`
      const join = joinGroup === null ? '' : `, stopped by join ${joinGroup}`
      return `${outcome} at ${duration(atMs)}${join}${because(reason)}${hash}`
    }
    case 'open':
      return 'no outcome yet'
  }
}

function because(reason: string | null): string {
  return reason === null ? '' : `: ${reason}`
}

/** A label, and text beside it that keeps within the terminal whatever it holds. */
function entry(label: string, columns: number, text: string, terminal: Terminal): string[] {
  const safeLabel = safeLine(label)
  const beside = Math.max(columns, textWidth(safeLabel) + 1)
  return labelled(terminal, safeLabel.padEnd(beside), fold(safe(text), terminal.columns - beside))
}
