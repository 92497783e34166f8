import { expect, test } from 'vitest'
import type { AuditRecord } from '../../../../src/audit/records.ts'
import type { AuditStore } from '../../../../src/audit/store.ts'
import { failedRun, outcome, runFinished, runStarted, token, wholeRun } from '../sample-records.ts'
import { type Open, record } from './store.ts'

export function lists(open: Open): void {
  async function manyRuns(): Promise<AuditStore> {
    const store = open()
    const runs: [string, string, number, AuditRecord[]][] = [
      ['a', 'article', 3000, [runFinished('a')]],
      ['b', 'article', 1000, [runFinished('b', { status: 'failed', feedback: 'no luck' })]],
      ['c', 'report', 2000, [runFinished('c', { status: 'failed', feedback: 'no luck' })]],
      ['d', 'report', 2000, []],
    ]
    for (const [runId, pipeline, startedWallMs, end] of runs)
      await record(store, [runStarted(runId, { pipeline, startedWallMs }), ...end])
    return store
  }

  test('runs are listed newest first; of two that started together the later one first', async () => {
    const store = await manyRuns()
    expect(ids(store.runs())).toBe('adcb')
    expect(store.runs({ limit: 1 })).toEqual([
      {
        runId: 'a',
        pipeline: 'article',
        status: 'completed',
        startedWallMs: 3000,
        finishedWallMs: 1_750_000_000_031,
        latencyMs: 31,
        attempts: 1,
        usage: { costUsd: 0.02, tokens: 120 },
        feedback: null,
      },
    ])
  })

  test('runs are filtered by status, pipeline and time, alone and together', async () => {
    const store = await manyRuns()
    expect(ids(store.runs({ status: 'failed' }))).toBe('cb')
    expect(ids(store.runs({ status: 'running' }))).toBe('d')
    expect(ids(store.runs({ pipeline: 'report' }))).toBe('dc')
    expect(ids(store.runs({ sinceWallMs: 2000 }))).toBe('adc')
    expect(ids(store.runs({ pipeline: 'article', status: 'failed' }))).toBe('b')
    expect(ids(store.runs({ pipeline: 'article', sinceWallMs: 1001 }))).toBe('a')
    expect(ids(store.runs({ status: 'failed', sinceWallMs: 1001 }))).toBe('c')
    expect(ids(store.runs({ status: 'failed', pipeline: 'report', sinceWallMs: 2001 }))).toBe('')
  })

  test('runs are found by the beginning of their id, whatever letters follow it', async () => {
    const store = open()
    for (const runId of ['run-1', 'run-10', 'run-2', 'run-1\u{1F9EA}', 'RUN-1', 'ru', 'run-1%', 'run_1'])
      await record(store, [runStarted(runId)])
    const found = (runIdPrefix: string): string[] => store.runs({ runIdPrefix }).map(({ runId }) => runId)
    expect(found('run-1').toSorted()).toEqual(['run-1', 'run-1%', 'run-10', 'run-1\u{1F9EA}'])
    expect(found('run-1%')).toEqual(['run-1%'])
    expect(found('x')).toEqual([])
    expect(found('')).toHaveLength(8)
    expect(store.runs({ runIdPrefix: 'run-1', limit: 1 })).toHaveLength(1)
    expect(store.runs({ runIdPrefix: 'run-1', status: 'failed' })).toEqual([])
  })

  test('a list has 50 rows unless more are asked for, and 10 000 at most', async () => {
    const store = open()
    for (let run = 0; run < 60; run++) await record(store, [runStarted(`r${run}`)])
    expect(store.runs()).toHaveLength(50)
    expect(store.runs({ limit: 10_000 })).toHaveLength(60)
    for (const limit of [0, -1, 1.5, 10_001, Number.NaN])
      expect(() => store.runs({ limit })).toThrow(
        `Expected \`limit\` of a run filter to be an integer from 1 to 10000, got ${limit}.`,
      )
  })

  test('conservation holds when every token of every finished run has its outcome', async () => {
    const store = open()
    await record(store, [...wholeRun('r1'), ...failedRun('r2')])
    expect(store.conservation()).toEqual({ tokens: 2, outcomes: 2, open: [], ok: true })
  })

  test('a token without an outcome breaks conservation once its run has ended, and not before', async () => {
    const store = open()
    await record(store, [
      ...wholeRun('r1'),
      runStarted('r2'),
      token('r2'),
      token('r2', 't2', ['t1']),
      outcome('r2'),
    ])
    const half = { runId: 'r2', tokens: 2, outcomes: 1 }
    expect(store.conservation()).toEqual({
      tokens: 3,
      outcomes: 2,
      open: [{ ...half, finished: false }],
      ok: true,
    })
    await record(store, [runFinished('r2')])
    expect(store.conservation()).toEqual({
      tokens: 3,
      outcomes: 2,
      open: [{ ...half, finished: true }],
      ok: false,
    })
  })

  test('a broken finished run is listed before a hundred that are still going', async () => {
    const store = open()
    await record(store, [runStarted('broken'), token('broken'), runFinished('broken')])
    for (let run = 0; run < 110; run++) await record(store, [runStarted(`r${run}`), token(`r${run}`)])
    const { open: listed, ok } = store.conservation()
    expect(ok).toBe(false)
    expect(listed).toHaveLength(100)
    expect(listed.slice(0, 2).map(({ runId }) => runId)).toEqual(['broken', 'r109'])
  })
}

function ids(rows: readonly { runId: string }[]): string {
  return rows.map(({ runId }) => runId).join('')
}
