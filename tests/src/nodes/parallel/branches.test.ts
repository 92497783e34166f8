import { createEngine, parallel, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { fails, runBranches, wait } from './running.ts'

test('attempts and usage are summed over all branches, failed and cancelled ones too', async () => {
  const metered = (name: string, tokens: number, ms: number, ok: boolean) =>
    step(
      name,
      async (_: number, ctx) => {
        ctx.meter({ tokens, costUsd: tokens / 100 })
        await ctx.sleep(ms)
        if (!ok) throw new Error(name)
        return name
      },
      { retries: 1 },
    )
  const node = parallel('three', {
    a: metered('a', 1, 5, true),
    b: metered('b', 10, 10, false),
    c: metered('c', 100, 90, true),
  })
  const { result } = await runBranches(node, 1)
  expect(result).toMatchObject({
    attempts: 4,
    usage: { tokens: 121 },
    totals: { steps: 3, usage: { tokens: 121 } },
  })
  expect(result.usage.costUsd).toBeCloseTo(1.21)
})

test('a node that fails is followed by its fallback, which gets the original input', async () => {
  const given: unknown[] = []
  const node = parallel('both', {
    a: step('a', (list: number[]) => list.push(7)),
    b: step('b', (list: number[]): number => {
      list.push(8)
      throw new Error('no')
    }),
  }).fallback(step('backup', (list: number[]) => given.push([...list])))
  const { result, audit } = await runBranches(node, [1])
  expect(result).toMatchObject({
    status: 'completed',
    output: 1,
    metadata: { fallbackTriggered: true, originalError: "branch 'b' failed: no" },
  })
  expect(given).toEqual([[1]])
  expect(audit.conservation().ok).toBe(true)
})

test('each branch gets a copy of the input of its own', async () => {
  const seen: number[][] = []
  const grab = (name: string) =>
    step(name, (list: number[]) => {
      list.push(list.length)
      seen.push(list)
    })
  const input = [1]
  await createEngine().run(parallel('both', { a: grab('a'), b: grab('b') }), input)
  expect(seen).toEqual([
    [1, 1],
    [1, 1],
  ])
  expect(input).toEqual([1])
})

test('concurrency: so many branches at once, in declared order', async () => {
  const started: string[] = []
  const named = (name: string, ms: number) =>
    step(name, async (_: number, ctx) => {
      started.push(`${name} at ${ctx.clock.monotonicMs()}`)
      await ctx.sleep(ms)
      return name
    })
  const branches = { a: named('a', 30), b: named('b', 10), c: named('c', 10), d: named('d', 10) }
  const { result, audit, endedAtMs } = await runBranches(parallel('four', branches, { concurrency: 2 }), 1)
  expect(started).toEqual(['a at 0', 'b at 0', 'c at 10', 'd at 20'])
  expect(Object.keys(result.output ?? {})).toEqual(['a', 'b', 'c', 'd'])
  expect(endedAtMs).toBe(30)
  const queued = audit.records.find((record) => record.kind === 'attempt' && record.step === 'd')
  expect(queued).toMatchObject({ startedAtMs: 20, latencyMs: 10 })
  expect(result.children['d']).toMatchObject({ latencyMs: 10 })
})

test('concurrency: a branch whose turn never came, because a sibling failed, is cancelled with no attempts', async () => {
  let calls = 0
  const count = (name: string) => step(name, (_: number) => ++calls)
  const node = parallel(
    'four',
    { a: fails('a', 10), b: wait('b', 90), c: count('c'), d: pipeline('d', count('e')) },
    { concurrency: 2 },
  )
  const { result, fates, endedAtMs } = await runBranches(node, 1)
  expect(calls).toBe(0)
  expect(endedAtMs).toBe(10)
  expect(result.children).toMatchObject({
    b: { status: 'cancelled', attempts: 1 },
    c: { status: 'cancelled', attempts: 0, feedback: "Cancelled: branch 'a' failed" },
    d: { status: 'cancelled', attempts: 0 },
  })
  expect(fates.map(([, fate]) => fate)).toEqual([
    'forked',
    'failed',
    'cancelled',
    'cancelled',
    'cancelled',
    'failed',
  ])
})
