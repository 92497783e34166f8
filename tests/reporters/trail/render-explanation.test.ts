import { explainRun, memoryAudit } from 'shakedown'
import type { AuditRecord } from 'shakedown'
import { expect, test } from 'vitest'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { forkedRun } from '../../src/audit/contract/forks.ts'
import {
  attempt,
  attemptStart,
  join,
  outcome,
  runFinished,
  runStarted,
  step,
  token,
} from '../../src/audit/sample-records.ts'

function rendered(records: readonly AuditRecord[]): string {
  const store = memoryAudit()
  for (const record of records) store.append(record)
  return renderExplanation(explainRun(store.trail('r1')!), { color: false, columns: 100 })
}

/** The lines of one part of the text. */
function part(text: string, title: string): string[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.includes(`── ${title}`))
  const length = lines.slice(start + 1).findIndex((line) => line === '' || line.startsWith('── '))
  return lines.slice(start + 1, start + 1 + length)
}

test('a join tells who arrived when, what they held, and what they became', () => {
  const text = rendered(forkedRun('r1'))
  expect(text).toContain('article/reviews (join, all): merged into t4 after 4.5 ms')
  expect(text).toContain('arrived facts (t3, at 20 ms), tone (t2, at 25 ms)')
  expect(text).toContain('held    {"facts":"sound","tone":"calm"}')
  expect(text).toContain('output  {"tone":"calm","facts":"sound"}')
  expect(text).not.toContain('WHY IT DID NOT REACH THE END')
})

test('of several tokens each line says whose it is, and of several visits which', () => {
  const text = rendered(forkedRun('r1'))
  expect(text).toContain('article/reviews/tone [t2], attempt 1: completed after 13 ms')
  expect(text).toContain('article/reviews/tone, visit 2 [t2], attempt 1: completed after 13 ms')
  expect(text).toContain('article/reviews/tone, visit 2 [t2]: attempt 1 returned after it had ended')
})

test('tokens tell what they came from, what they carry, and what became of them', () => {
  expect(part(rendered(forkedRun('r1')), 'TOKENS')).toEqual([
    ' t1        forked at 1 ms into t2, t3',
    ' t2 (branch tone of t1, item row-7) coalesced at 30 ms into t4',
    ' t3 (branch facts of t1, item row-7) coalesced at 30 ms into t4',
    ' t4 (from t2 and t3, item row-7) completed at 30 ms',
  ])
})

test('a join that failed is a reason, with who arrived, was missing or was lost', () => {
  const reason = 'quorum_not_met_at_timeout'
  const text = rendered([
    runStarted('r1'),
    token('r1'),
    token('r1', 't2', ['t1'], { branch: 'tone', item: 'row-7' }),
    join('r1', {
      status: 'failed',
      policy: 'quorum(2)',
      item: 'row-7',
      tokenId: null,
      arrived: [{ branch: 'tone', tokenId: 't2', atMs: 20 }],
      missing: ['facts'],
      missingOutcome: 'quarantined',
      lost: [{ branch: 'style', reason: 'connection reset' }],
      timeoutMs: 500,
      waitedMs: 500,
      reason,
      input: { tone: 'calm' },
      output: undefined,
    }),
    outcome('r1', { tokenId: 't2', outcome: 'failed', reason, joinGroup: 'g1' }),
    outcome('r1', { outcome: 'forked' }),
    runFinished('r1', { status: 'failed', feedback: reason }),
  ])
  const flat = text.replaceAll(/\s+/g, ' ')
  expect(flat).toContain(
    'article/reviews (join, quorum(2)): failed after 500 ms, its time limit of 500 ms over: quorum_not_met_at_timeout',
  )
  expect(flat).toContain('item row-7 arrived tone (t2, at 20 ms) missing facts; their tokens: quarantined')
  expect(flat).toContain(
    '• The join article/reviews (quorum(2)) of item row-7 failed: quorum_not_met_at_timeout. arrived: tone (t2, at 20 ms); missing: facts; their tokens: quarantined; lost: style (connection reset).',
  )
  expect(flat).toContain('failed at 30 ms, stopped by join g1: quorum_not_met_at_timeout')
})

test('an attempt that was started and never ended says so, and is the last thing seen of its token', () => {
  const text = rendered([
    runStarted('r1'),
    token('r1'),
    attempt('r1', { path: 'article/plan', step: 'plan' }),
    step('r1', { path: 'article/plan', step: 'plan' }),
    attemptStart('r1', { atMs: 1_500 }),
  ])
  expect(text).toContain('1.5 s  article/draft, attempt 1: started, no end was recorded')
  expect(part(text, 'WHY IT DID NOT REACH THE END')).toEqual([
    ' • No end was recorded: it is still going, or its process died.',
    ' • The last thing recorded came 1.5 s after its start.',
    ' • Token t1 has no outcome; it was last seen at article/draft.',
  ])
})

test('of thousands of tokens the first are listed and the rest is counted', () => {
  const tokens = Array.from({ length: 250 }, (_, index) =>
    token('r1', `t${index}`, [], { item: `row-${index}` }),
  )
  const text = rendered([runStarted('r1'), ...tokens])
  const lines = part(text, 'TOKENS')
  expect(lines).toHaveLength(201)
  expect(lines.at(-1)).toBe(' … and 50 more tokens, all in --json')
  expect(text).toContain('… 242 tokens without an outcome before these.')
})

test('an output that was refused is shown beside the error that refused it', () => {
  const error = { name: 'Error', message: 'the text is too short' }
  const refused = (output: unknown): string =>
    rendered([runStarted('r1'), token('r1'), attempt('r1', { status: 'failed', output, error })])
  expect(refused({ text: 'Tides.' })).toMatch(
    /output +\{"text":"Tides\."\}\n +error +Error: the text is too short/,
  )
  expect(refused(undefined)).not.toContain('output')
})

test('of an attempt that died with its process nobody knows how long it took and what it was given', () => {
  const died = { status: 'interrupted', latencyMs: 0, input: undefined, output: undefined } as const
  const text = rendered([runStarted('r1'), attempt('r1', died)])
  expect(text).toMatch(/attempt 1: interrupted$/m)
  expect(text).toContain('input   not on record')
  expect(text).not.toContain('after 0 ms')
})
