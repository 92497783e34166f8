import { expect, test } from 'vitest'
import { explainRun } from '../../../../src/audit/explain/explain-run.ts'
import type { Explanation } from '../../../../src/audit/explain/explanation.ts'
import { memoryAudit } from '../../../../src/audit/memory/memory-audit.ts'
import { explain, failing, fallbackRun } from './explained.ts'
import { forkedRun } from '../contract/forks.ts'
import {
  attempt,
  attemptStart,
  failedRun,
  late,
  outcome,
  runFinished,
  runStarted,
  step,
  token,
  wholeRun,
} from '../sample-records.ts'

const json = (value: unknown): unknown => ({ json: JSON.stringify(value), truncated: false })
test('a run that went well tells its way, what went in and out, and what it cost', () => {
  const { run, input, output, tokens, because, spent } = explain(wholeRun('r1'))
  expect(run).toMatchObject({ runId: 'r1', status: 'completed', usage: { tokens: 120 } })
  expect([input, output]).toEqual([json('tides'), json('Tides come and go.')])
  expect(because).toEqual([])
  expect(spent).toEqual({ attempts: 1, workedMs: 12.5, waitedMs: 0, usage: { costUsd: 0.02, tokens: 120 } })
  expect(tokens).toEqual([
    {
      tokenId: 't1',
      parentIds: [],
      branch: null,
      item: null,
      createdAtMs: 0,
      fate: { kind: 'reached-end', atMs: 30 },
      visits: [
        {
          tokenId: 't1',
          path: 'article/draft',
          visit: 1,
          step: 'draft',
          node: 'step',
          status: 'completed',
          attemptsCounted: 1,
          endedSeq: 4,
          attempts: [
            {
              seq: 3,
              attempt: 1,
              status: 'completed',
              startedAtMs: 0.25,
              waitedMs: 0,
              latencyMs: 12.5,
              usage: { costUsd: 0.02, tokens: 120 },
              input: json('tides'),
              output: json({ text: 'Tides come and go.' }),
              error: null,
              errorText: null,
              events: [],
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
    joinGroup: null,
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
          events: [{ event: 'late', atMs: 40, detail: { settled: 'returned' }, afterEnd: false }],
        },
        { attempt: 2, waitedMs: 100, output: null, events: [] },
      ],
    },
  ])
})

test('a fallback that starts is told where it belongs, also when its end was never recorded', () => {
  for (const records of [fallbackRun(true, []), fallbackRun(true, []).slice(0, 5)]) {
    const visit = explain(records).tokens[0]?.visits.find(({ path }) => path === 'article/draft')
    expect(visit).toMatchObject({
      step: 'draft',
      node: records.length === 5 ? null : 'fallback',
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
    ...['t2', 't3', 't4'].map((tokenId) => token('r1', tokenId, ['t1'])),
    outcome('r1', { outcome: 'forked' }),
    attempt('r1', { tokenId: 't2' }),
    step('r1', { tokenId: 't2' }),
    outcome('r1', { tokenId: 't2', outcome: 'coalesced', joinGroup: 'group-1' }),
    outcome('r1', { tokenId: 't3', outcome: 'quarantined', reason: 'incomplete_branches' }),
    outcome('r1', { tokenId: 't4', outcome: 'cancelled' }),
  ])
  expect(tokens.map(({ tokenId, parentIds, fate }) => ({ tokenId, parentIds, fate }))).toMatchObject([
    { tokenId: 't1', parentIds: [], fate: { kind: 'forked', into: ['t2', 't3', 't4'] } },
    { tokenId: 't2', parentIds: ['t1'], fate: { kind: 'coalesced', joinGroup: 'group-1', into: null } },
    {
      tokenId: 't3',
      fate: { kind: 'stopped', outcome: 'quarantined', reason: 'incomplete_branches', because: [] },
    },
    { tokenId: 't4', fate: { kind: 'stopped', outcome: 'cancelled', because: [] } },
  ])
  expect(tokens.map(({ visits }) => visits.length)).toEqual([0, 1, 0, 0])
})

test('a path that a loop comes by again is another visit, also when the two overlap in the record', () => {
  const { tokens } = explain([
    runStarted('r1'),
    token('r1'),
    attempt('r1'),
    attempt('r1', { visit: 2, ...failing }),
    step('r1'),
    attempt('r1', { visit: 2, attempt: 2 }),
    step('r1', { visit: 2, attempts: 2 }),
    late('r1', { visit: 2 }),
  ])
  const ways = tokens[0]?.visits.map(({ visit, attempts }) => ({
    visit,
    attempts: attempts.map(({ attempt: number, events }) => `${number}: ${events.length}`),
  }))
  expect(ways).toEqual([
    { visit: 1, attempts: ['1: 0'] },
    { visit: 2, attempts: ['1: 1', '2: 0'] },
  ])
})

test('an event belongs to its token, whoever else has passed there, and one after the end says so', () => {
  const { tokens } = explain([
    runStarted('r1'),
    token('r1'),
    token('r1', 't2', ['t1']),
    attempt('r1'),
    attempt('r1', { tokenId: 't2' }),
    late('r1', { tokenId: 't2' }),
    runFinished('r1'),
    late('r1', { detail: { attempt: 7 } }),
    late('r1', { tokenId: 't9', path: 'nowhere' }),
  ])
  expect(tokens).toMatchObject([
    {
      tokenId: 't1',
      visits: [{ attempts: [{ events: [] }], events: [{ detail: { attempt: 7 }, afterEnd: true }] }],
    },
    { tokenId: 't2', visits: [{ attempts: [{ events: [{ event: 'late', afterEnd: false }] }], events: [] }] },
    { tokenId: 't9', createdAtMs: null, visits: [{ path: 'nowhere', node: null }] },
  ])
})

test('sums are over all attempts of a visit: what was waited, and what an unfinished one has cost', () => {
  const { tokens, spent } = explain([
    runStarted('r1'),
    token('r1'),
    attempt('r1', { ...failing, usage: { costUsd: 0.5, tokens: 7 } }),
    attempt('r1', { ...failing, attempt: 2, delayMs: 100, usage: { costUsd: 0.25, tokens: 5 } }),
    attempt('r1', { ...failing, attempt: 3, delayMs: 30, usage: { costUsd: 1, tokens: 1 } }),
  ])
  const usage = { costUsd: 1.75, tokens: 13 }
  expect(tokens[0]?.visits[0]).toMatchObject({ waitedMs: 130, usage, attemptsCounted: null })
  expect(spent).toEqual({ attempts: 3, workedMs: 37.5, waitedMs: 130, usage })
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

test('a run that forks and joins tells who came to the join with what, and what they became', () => {
  const { tokens, joins } = explain(forkedRun('r1'))
  expect(tokens.map(({ tokenId, parentIds, branch, item }) => [tokenId, parentIds, branch, item])).toEqual([
    ['t1', [], null, null],
    ['t2', ['t1'], 'tone', 'row-7'],
    ['t3', ['t1'], 'facts', 'row-7'],
    ['t4', ['t2', 't3'], null, 'row-7'],
  ])
  expect(tokens.map(({ fate }) => fate)).toMatchObject([
    { kind: 'forked', into: ['t2', 't3'] },
    { kind: 'coalesced', joinGroup: 'g1', into: 't4' },
    { kind: 'coalesced', joinGroup: 'g1', into: 't4' },
    { kind: 'reached-end' },
  ])
  expect(joins).toMatchObject([
    {
      policy: 'all',
      arrived: [{ branch: 'facts' }, { branch: 'tone' }],
      input: json({ facts: 'sound', tone: 'calm' }),
    },
  ])
})

test('an attempt that was started and never ended is open', () => {
  const { tokens } = explain([
    runStarted('r1'),
    token('r1'),
    attemptStart('r1'),
    attempt('r1', { ...failing }),
    attemptStart('r1', { attempt: 2, atMs: 50 }),
  ])
  expect(tokens[0]?.visits).toMatchObject([
    {
      status: 'open',
      node: 'step',
      attempts: [
        { attempt: 1, status: 'failed' },
        { attempt: 2, status: 'open', startedAtMs: 50, latencyMs: null },
      ],
    },
  ])
})
