import { expect, test } from 'vitest'
import { createEngine, pipeline, step as stepNode } from 'shakedown'
import { late, runFinished, runStarted, token, wholeRun } from '../sample-records.ts'
import { type Open, record, refusal } from './store.ts'

export function secondRuns(open: Open): void {
  const words = "Expected run ids to be unique, got a second run 'r1'."

  test('a second run with the id of a running one is refused alone, the first goes on to its end', async () => {
    const store = open()
    const records = wholeRun('r1')
    for (const [index, each] of records.entries()) {
      await record(store, [each])
      if (index === records.length - 1) break
      const error = await refusal(store, [runStarted('r1')])
      expect(error.message).toBe(words)
    }
    expect(store.trail('r1')).toMatchObject({
      status: 'completed',
      finishedSeq: 7,
      startedWallMs: 1_750_000_000_000,
    })
    await expect(store.close()).resolves.toBeUndefined()
  })

  test('a second run is refused in the turn the first one starts in, too', async () => {
    const store = open()
    store.append(runStarted('r1'))
    expect(() => store.append(runStarted('r1'))).toThrow(words)
    store.append(token('r1'))
    await store.committed()
    expect(store.trail('r1')?.tokenRows).toHaveLength(1)
  })

  test('a run that is paused goes on, although another has tried to take its id meanwhile', async () => {
    const store = open()
    const [start, created, ...rest] = wholeRun('r1')
    await record(store, [start!, created!, runFinished('r1', { status: 'paused' })])
    expect((await refusal(store, [runStarted('r1'), token('r1')])).message).toBe(words)
    await record(store, rest)
    expect(store.trail('r1')).toMatchObject({ status: 'completed', finishedSeq: 8, tokenRows: [{ seq: 2 }] })
  })

  test('what comes late of a run that has ended is recorded, although another has tried to take its id', async () => {
    const store = open()
    await record(store, wholeRun('r1'))
    expect((await refusal(store, [runStarted('r1')])).message).toBe(words)
    await record(store, [late('r1')])
    expect(store.trail('r1')?.eventRows).toMatchObject([{ seq: 8 }])
  })

  test('of two engines with one store, the second run with one id rejects, and the first completes', async () => {
    const store = open()
    const [one, two] = [createEngine({ audit: store }), createEngine({ audit: store })]
    const gate = Promise.withResolvers<number>()
    const node = pipeline(
      'slow',
      stepNode('wait', () => gate.promise),
      stepNode('add', async (n: number) => n + 1),
    )
    const first = one.run(node, 0, { runId: 'r1' })
    await expect(two.run(node, 0, { runId: 'r1' })).rejects.toThrow(words)
    gate.resolve(1)
    await expect(first).resolves.toMatchObject({ success: true, output: 2 })
    expect(store.trail('r1')?.attemptRows).toHaveLength(2)
    expect(store.conservation()).toMatchObject({ tokens: 1, outcomes: 1, ok: true })
  })
}
