import { expect, test } from 'vitest'
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
import { type Open, record, trailOf } from './store.ts'

export function readingBack(open: Open): void {
  test('a run reads back whole: every record, in order, with what it held', async () => {
    const trail = await trailOf(open(), failedRun('r1'))
    const error = {
      json: '{"name":"Error","message":"connection reset","code":"ECONNRESET","stack":"Error: connection reset\\n  at x"}',
      truncated: false,
    }
    const usage = { costUsd: 0, tokens: 0 }
    const tries = {
      tokenId: 't1',
      path: 'article/draft',
      visit: 1,
      step: 'draft',
      status: 'failed',
      usage,
      latencyMs: 12.5,
    }
    const input = { json: '"tides"', truncated: false }
    expect(trail).toEqual({
      runId: 'r1',
      pipeline: 'article',
      status: 'failed',
      startedWallMs: 1_750_000_000_000,
      finishedWallMs: 1_750_000_000_031,
      finishedSeq: 8,
      latencyMs: 31,
      attempts: 2,
      usage,
      feedback: 'connection reset',
      input,
      output: null,
      error,
      tokenRows: [{ seq: 2, tokenId: 't1', parentIds: [], branch: null, item: null, atMs: 0 }],
      startRows: [],
      joinRows: [],
      attemptRows: [
        { ...tries, seq: 3, attempt: 1, startedAtMs: 0.25, delayMs: 0, input, output: null, error },
        { ...tries, seq: 5, attempt: 2, startedAtMs: 120, delayMs: 100, input, output: null, error },
      ],
      stepRows: [
        {
          seq: 6,
          tokenId: 't1',
          path: 'article/draft',
          visit: 1,
          step: 'draft',
          node: 'step',
          status: 'failed',
          attempts: 2,
          latencyMs: 12.75,
          atMs: 13,
          usage,
          feedback: 'connection reset',
          metadata: { tried: 2 },
        },
      ],
      eventRows: [
        {
          seq: 4,
          tokenId: 't1',
          path: 'article/draft',
          visit: 1,
          event: 'late',
          atMs: 40,
          detail: { step: 'draft', attempt: 1, settled: 'returned' },
        },
      ],
      outcomeRows: [
        {
          seq: 7,
          tokenId: 't1',
          outcome: 'failed',
          reason: 'connection reset',
          errorHash: '0123456789abcdef',
          joinGroup: null,
          atMs: 30,
        },
      ],
    })
  })

  test('a step that completed at once reads back like any other, whatever it shares with its attempt', async () => {
    const plain = await trailOf(open(), wholeRun('r1'))
    expect(plain.stepRows.map(({ seq, path, node, atMs }) => ({ seq, path, node, atMs }))).toEqual([
      { seq: 4, path: 'article/draft', node: 'step', atMs: 13 },
      { seq: 5, path: 'article', node: 'pipeline', atMs: 29 },
    ])
    const different: Partial<Parameters<typeof step>[1]>[] = [
      { status: 'failed' },
      { attempts: 2 },
      { feedback: 'odd' },
      { metadata: { cacheHit: true } },
      { usage: { costUsd: 1, tokens: 120 } },
      { path: 'article/other' },
      { visit: 2 },
      { node: 'fallback' },
      { tokenId: 't2' },
    ]
    const store = open()
    for (const [index, end] of different.entries()) {
      const runId = `different-${index}`
      const trail = await trailOf(store, [runStarted(runId), token(runId), attempt(runId), step(runId, end)])
      const { kind: _kind, runId: _runId, ...row } = step(runId, end)
      expect(trail.stepRows).toEqual([{ ...row, seq: 4 }])
    }
  })

  test('an attempt does not take in the end that another run’s step has at the same moment', async () => {
    const store = open()
    await record(store, [runStarted('r1'), token('r1'), runStarted('r2'), token('r2'), attempt('r2')])
    await record(store, [attempt('r1'), step('r2'), step('r1')])
    for (const runId of ['r1', 'r2'])
      expect(store.trail(runId)).toMatchObject({ attemptRows: [{ seq: 3 }], stepRows: [{ seq: 4 }] })
  })

  test('an unknown run has no trail', async () => {
    const store = open()
    await record(store, wholeRun('r1'))
    expect(store.trail('r2')).toBeUndefined()
  })

  test('a run that never ended says it is running, and what it did so far', async () => {
    const trail = await trailOf(open(), wholeRun('r1').slice(0, 4))
    expect(trail).toMatchObject({ status: 'running', finishedSeq: null, finishedWallMs: null, output: null })
    expect(trail.attemptRows).toHaveLength(1)
  })

  test('what comes after the end keeps its place after it', async () => {
    const store = open()
    await record(store, wholeRun('r1'))
    await record(store, [late('r1')])
    await record(store, [late('r1'), late('r1')])
    const trail = store.trail('r1')!
    expect(trail.finishedSeq).toBe(7)
    expect(trail.eventRows.map(({ seq }) => seq)).toEqual([8, 9, 10])
  })

  test('a paused run can go on and end later', async () => {
    const store = open()
    await record(store, [
      runStarted('r1'),
      token('r1'),
      runFinished('r1', { status: 'paused', output: undefined }),
    ])
    expect(store.trail('r1')).toMatchObject({ status: 'paused', finishedSeq: 3 })
    await record(store, [attempt('r1'), step('r1')])
    await record(store, [outcome('r1'), runFinished('r1')])
    expect(store.trail('r1')).toMatchObject({
      status: 'completed',
      finishedSeq: 7,
      attemptRows: [{ seq: 4 }],
      stepRows: [{ seq: 5 }],
      outcomeRows: [{ seq: 6 }],
    })
  })

  test('after closing nothing can be added, and closing twice is fine', async () => {
    const store = open()
    await record(store, wholeRun('r1'))
    await store.close()
    await store.close()
    expect(() => store.append(runStarted('r2'))).toThrow("closed before the 'run-started' record of run 'r2'")
    expect(store.committed()).toBeUndefined()
  })
}
