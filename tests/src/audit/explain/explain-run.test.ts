import { expect, test } from 'vitest'
import { explainRun } from '../../../../src/audit/explain/explain-run.ts'
import type { Explanation } from '../../../../src/audit/explain/explanation.ts'
import { memoryAudit } from '../../../../src/audit/memory/memory-audit.ts'
import type { AuditRecord, StepRecord } from '../../../../src/audit/records.ts'
import {
  attempt,
  failedRun,
  late,
  outcome,
  runFinished,
  runStarted,
  step,
  token,
  wholeRun,
} from '../sample-records.ts'

function explain(records: readonly AuditRecord[]): Explanation {
  const store = memoryAudit()
  for (const record of records) store.append(record)
  return explainRun(store.trail(records[0]!.runId)!)
}

const json = (value: unknown): unknown => ({ json: JSON.stringify(value), truncated: false })
const nothing = { costUsd: 0, tokens: 0 }
const error = { name: 'Error', message: 'connection reset' }
const failing = { status: 'failed', output: undefined, error, usage: nothing } as const
const failedStep = { status: 'failed', feedback: 'connection reset', usage: nothing } as const

test('a run that went well tells its way, what went in and out, and what it cost', () => {
  const { run, input, output, tokens, unplaced, spent } = explain(wholeRun('r1'))
  expect(run).toMatchObject({ runId: 'r1', status: 'completed', tokens: 120 })
  expect([input, output]).toEqual([json('tides'), json('Tides come and go.')])
  expect(unplaced).toEqual([])
  expect(spent).toEqual({ attempts: 1, workedMs: 12.5, waitedMs: 0, usage: { costUsd: 0.02, tokens: 120 } })
  expect(tokens).toEqual([
    {
      tokenId: 't1',
      parentId: null,
      createdAtMs: 0,
      fate: { kind: 'reached-end', atMs: 30 },
      visits: [
        {
          path: 'article/draft',
          step: 'draft',
          node: 'step',
          status: 'completed',
          attempts: [
            {
              attempt: 1,
              status: 'completed',
              startedAtMs: 0.25,
              waitedMs: 0,
              latencyMs: 12.5,
              usage: { costUsd: 0.02, tokens: 120 },
              got: json('tides'),
              gave: json({ text: 'Tides come and go.' }),
              error: null,
              errorText: null,
              late: [],
            },
          ],
          waitedMs: 0,
          latencyMs: 12.75,
          endedAtMs: 13,
          usage: { costUsd: 0.02, tokens: 120 },
          feedback: null,
          metadata: {},
          events: [],
        },
        expect.objectContaining({ path: 'article', node: 'pipeline', status: 'completed', attempts: [] }),
      ],
    },
  ])
})

test('a run that failed tells which step was to blame, every attempt of it, the waits, and what came late', () => {
  const { tokens, spent } = explain(failedRun('r1'))
  expect(spent).toMatchObject({ attempts: 2, workedMs: 25, waitedMs: 100 })
  const [{ fate, visits }] = tokens as [Explanation['tokens'][0]]
  expect(fate).toEqual({
    kind: 'stopped',
    outcome: 'failed',
    atMs: 30,
    reason: 'connection reset',
    errorHash: '0123456789abcdef',
    because: visits,
  })
  expect(visits).toMatchObject([
    {
      path: 'article/draft',
      status: 'failed',
      feedback: 'connection reset',
      waitedMs: 100,
      attempts: [
        {
          attempt: 1,
          waitedMs: 0,
          error: { message: 'connection reset', code: 'ECONNRESET' },
          late: [{ event: 'late', atMs: 40, detail: { settled: 'returned' }, afterEnd: false }],
        },
        { attempt: 2, waitedMs: 100, gave: null, late: [] },
      ],
    },
  ])
})

/** A pipeline whose first step is rescued by its fallback (or not). */
function fallbackRun(rescued: boolean, last: readonly AuditRecord[]): AuditRecord[] {
  const at = (path: string, name: string) => ({ path, step: name })
  const end: Partial<StepRecord> = rescued ? {} : failedStep
  return [
    runStarted('r1'),
    token('r1'),
    attempt('r1', { ...at('article/draft/draft', 'draft'), ...failing }),
    step('r1', { ...at('article/draft/draft', 'draft'), ...failedStep }),
    {
      kind: 'event',
      runId: 'r1',
      path: 'article/draft',
      event: 'fallback',
      atMs: 15,
      detail: { from: 'article/draft/draft', to: 'article/draft/backup' },
    },
    attempt('r1', { ...at('article/draft/backup', 'backup'), ...(rescued ? {} : failing) }),
    step('r1', { ...at('article/draft/backup', 'backup'), ...end }),
    step('r1', { ...at('article/draft', 'draft'), node: 'fallback', ...end }),
    ...last,
  ]
}

test('a fallback that fails blames both of its sides', () => {
  const { tokens } = explain(
    fallbackRun(false, [outcome('r1', { outcome: 'failed' }), runFinished('r1', { status: 'failed' })]),
  )
  expect(tokens[0]?.fate).toMatchObject({
    kind: 'stopped',
    because: [{ path: 'article/draft/draft' }, { path: 'article/draft/backup' }],
  })
})

test('a step that its fallback made up for is not to blame for what failed later', () => {
  const later = { path: 'article/merge', step: 'merge' }
  const { tokens } = explain(
    fallbackRun(true, [
      attempt('r1', { ...later, ...failing }),
      step('r1', { ...later, ...failedStep }),
      outcome('r1', { outcome: 'failed' }),
    ]),
  )
  expect(tokens[0]?.fate).toMatchObject({ kind: 'stopped', because: [{ path: 'article/merge' }] })
})

test('a fallback that starts is told where it belongs, also when its end was never recorded', () => {
  for (const records of [fallbackRun(true, []), fallbackRun(true, []).slice(0, 5)]) {
    const visit = explain(records).tokens[0]?.visits.find(({ path }) => path === 'article/draft')
    expect(visit).toMatchObject({
      step: 'draft',
      node: 'fallback',
      events: [{ event: 'fallback', detail: { to: 'article/draft/backup' } }],
    })
  }
})

test('a run that was killed is open, and tells the last step it was seen at', () => {
  const records = [
    ...wholeRun('r1').slice(0, 4),
    attempt('r1', { path: 'article/merge', step: 'merge', ...failing, delayMs: 5 }),
  ]
  const { run, tokens, spent } = explain(records)
  expect(run.status).toBe('running')
  expect(tokens[0]?.fate).toMatchObject({
    kind: 'open',
    last: { path: 'article/merge', status: 'open', latencyMs: null, endedAtMs: null, waitedMs: 5 },
  })
  expect(spent).toMatchObject({ attempts: 2, waitedMs: 5 })
})

test('a token that was never anywhere says so', () => {
  expect(explain([runStarted('r1'), token('r1')]).tokens).toMatchObject([
    { visits: [], fate: { kind: 'open', last: null } },
  ])
})

test('forked, coalesced, quarantined and cancelled tokens each tell their own fate', () => {
  const { tokens } = explain([
    runStarted('r1'),
    token('r1'),
    ...['t2', 't3', 't4'].map((tokenId) => token('r1', tokenId, 't1')),
    outcome('r1', { outcome: 'forked' }),
    attempt('r1', { tokenId: 't2' }),
    step('r1', { tokenId: 't2' }),
    outcome('r1', { tokenId: 't2', outcome: 'coalesced', reason: 'group-1' }),
    outcome('r1', { tokenId: 't3', outcome: 'quarantined', reason: 'incomplete_branches' }),
    outcome('r1', { tokenId: 't4', outcome: 'cancelled' }),
  ])
  expect(tokens.map(({ tokenId, parentId, fate }) => ({ tokenId, parentId, fate }))).toMatchObject([
    { tokenId: 't1', parentId: null, fate: { kind: 'forked', into: ['t2', 't3', 't4'] } },
    { tokenId: 't2', parentId: 't1', fate: { kind: 'coalesced', reason: 'group-1' } },
    {
      tokenId: 't3',
      fate: { kind: 'stopped', outcome: 'quarantined', reason: 'incomplete_branches', because: [] },
    },
    { tokenId: 't4', fate: { kind: 'stopped', outcome: 'cancelled', because: [] } },
  ])
  expect(tokens.map(({ visits }) => visits.length)).toEqual([0, 1, 0, 0])
})

test('a node that is entered again after it has ended is another visit', () => {
  const { tokens } = explain([
    runStarted('r1'),
    token('r1'),
    attempt('r1'),
    step('r1'),
    attempt('r1', { ...failing }),
    attempt('r1', { attempt: 2 }),
    step('r1', { attempts: 2 }),
  ])
  expect(tokens[0]?.visits.map(({ attempts }) => attempts.map((each) => each.attempt))).toEqual([[1], [1, 2]])
})

test('an event where two tokens have passed is nobody’s, and one after the end says so', () => {
  const { tokens, unplaced } = explain([
    runStarted('r1'),
    token('r1'),
    token('r1', 't2', 't1'),
    attempt('r1'),
    attempt('r1', { path: 'article/merge', step: 'merge' }),
    attempt('r1', { tokenId: 't2' }),
    runFinished('r1'),
    late('r1'),
    late('r1', { path: 'article/merge' }),
    late('r1', { path: 'nowhere' }),
  ])
  expect(unplaced).toMatchObject([
    { path: 'article/draft', afterEnd: true },
    { path: 'nowhere', afterEnd: true },
  ])
  expect(tokens[0]?.visits[1]?.attempts[0]?.late).toMatchObject([{ path: 'article/merge', afterEnd: true }])
})

test('an error whose text was cut is told by its head', () => {
  const store = memoryAudit({ payloadBytesMax: 40 })
  for (const record of failedRun('r1')) store.append(record)
  const { tokens } = explainRun(store.trail('r1')!)
  expect(tokens[0]?.visits[0]?.attempts[0]).toMatchObject({
    error: null,
    errorText: { json: '{"name":"Error","message":"connection re', truncated: true },
  })
})
