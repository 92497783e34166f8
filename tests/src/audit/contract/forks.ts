import { expect, test } from 'vitest'
import { copyTrail } from '../../../../src/audit/copy-trail.ts'
import type { AuditRecord } from '../../../../src/audit/records.ts'
import type { RunTrail } from '../../../../src/audit/store.ts'
import {
  attempt,
  attemptStart,
  join,
  late,
  outcome,
  runFinished,
  runStarted,
  step,
  token,
} from '../sample-records.ts'
import { type Open, record, trailOf } from './store.ts'

/** A run that forks into two branches, one of them in a loop, and joins them again. */
export function forkedRun(runId: string): AuditRecord[] {
  const body = { tokenId: 't2', path: 'article/reviews/tone', step: 'tone' }
  return [
    runStarted(runId),
    token(runId),
    token(runId, 't2', ['t1'], { branch: 'tone', item: 'row-7', atMs: 1 }),
    token(runId, 't3', ['t1'], { branch: 'facts', item: 'row-7', atMs: 1 }),
    outcome(runId, { outcome: 'forked', atMs: 1 }),
    attempt(runId, body),
    step(runId, body),
    attemptStart(runId, { ...body, visit: 2, attempt: 1, atMs: 14 }),
    attempt(runId, { ...body, visit: 2 }),
    step(runId, { ...body, visit: 2 }),
    late(runId, { tokenId: 't2', path: body.path, visit: 2 }),
    join(runId, { item: 'row-7' }),
    outcome(runId, { tokenId: 't2', outcome: 'coalesced', joinGroup: 'g1' }),
    outcome(runId, { tokenId: 't3', outcome: 'coalesced', joinGroup: 'g1' }),
    token(runId, 't4', ['t2', 't3'], { item: 'row-7', atMs: 25 }),
    outcome(runId, { tokenId: 't4' }),
    runFinished(runId),
  ]
}

export function forks(open: Open): void {
  test('tokens that fork and join, visits, an attempt’s start and a join read back whole', async () => {
    const records = forkedRun('r1')
    const trail = await trailOf(open(), records)
    const row = (index: number): object => {
      const { kind: _kind, runId: _runId, ...fields } = records[index]!
      return { seq: index + 1, ...fields }
    }
    expect(trail.tokenRows).toEqual([1, 2, 3, 14].map(row))
    expect(trail.startRows).toEqual([row(7)])
    expect(trail.attemptRows.map(({ seq, tokenId, visit }) => ({ seq, tokenId, visit }))).toEqual([
      { seq: 6, tokenId: 't2', visit: 1 },
      { seq: 9, tokenId: 't2', visit: 2 },
    ])
    expect(trail.stepRows).toEqual([row(6), row(9)])
    expect(trail.eventRows).toEqual([row(10)])
    expect(trail.joinRows).toEqual([
      {
        ...row(11),
        input: { json: '{"facts":"sound","tone":"calm"}', truncated: false },
        output: { json: '{"tone":"calm","facts":"sound"}', truncated: false },
      },
    ])
    expect(trail.outcomeRows).toEqual([4, 12, 13, 15].map(row))
  })

  test('a join that failed says who arrived, who was missing or lost, and the time limit that fired', async () => {
    const failed = {
      policy: 'quorum(2)',
      status: 'failed',
      tokenId: null,
      arrived: [],
      missing: ['tone', 'facts'],
      missingOutcome: 'quarantined',
      lost: [{ branch: 'style', reason: 'connection reset' }],
      timeoutMs: 500,
      reason: 'quorum_not_met_at_timeout',
      usage: { costUsd: 0.5, tokens: 7 },
      collisions: { by: { tone: 'ann', facts: 'bob' } },
    } as const
    const trail = await trailOf(open(), [
      runStarted('r1'),
      token('r1'),
      join('r1', { ...failed, input: undefined, output: undefined }),
    ])
    expect(trail.joinRows).toMatchObject([{ seq: 3, ...failed, input: null, output: null }])
  })

  test('what a join was given may change afterwards', async () => {
    const store = open()
    const input = { tone: ['calm'] }
    for (const each of [runStarted('r1'), token('r1'), join('r1', { input, output: input })])
      store.append(each)
    input.tone.push('loud')
    await store.committed()
    const json = '{"tone":["calm"]}'
    expect(store.trail('r1')?.joinRows).toMatchObject([{ input: { json }, output: { json } }])
  })

  test('one join each is accepted: another of the same run, and the same of another run', async () => {
    const store = open()
    for (const runId of ['r1', 'r2'])
      await record(store, [
        runStarted(runId),
        token(runId),
        join(runId),
        join(runId, { joinGroup: 'g2', visit: 2 }),
      ])
    expect(store.trail('r1')?.joinRows.map(({ joinGroup }) => joinGroup)).toEqual(['g1', 'g2'])
    expect(store.trail('r2')?.joinRows).toHaveLength(2)
    expect(store.isJoined('r1', 'g2')).toBe(true)
    expect(store.isJoined('r1', 'g3')).toBe(false)
    expect(store.isJoined('r3', 'g1')).toBe(false)
  })

  test('a copy of a run that forks and joins is the same run', async () => {
    const from = open()
    const trail = await trailOf(from, forkedRun('r1'))
    const into = open()
    await copyTrail(JSON.parse(JSON.stringify(trail)) as RunTrail, into, 'r7')
    expect(into.trail('r7')).toEqual({ ...trail, runId: 'r7' })
  })

  test('a run goes on in its place after a restart, also when its last record is a start or a join', async () => {
    const store = open()
    for (const [runId, last] of [
      ['r1', attemptStart('r1')],
      ['r2', join('r2')],
    ] as const) {
      await record(store, [runStarted(runId), token(runId), last, runFinished(runId)])
      await record(store, [late(runId)])
      expect(store.trail(runId)?.eventRows).toMatchObject([{ seq: 5 }])
    }
  })
}
