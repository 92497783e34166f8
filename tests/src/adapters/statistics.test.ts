import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UseWindow, WINDOW_TASKS } from '../../../src/adapters/statistics.ts'
import type { AdapterUse } from '../../../src/audit/adapter-uses.ts'

const done = (latencyMs: number, more: Partial<AdapterUse> = {}): AdapterUse => ({
  success: true,
  attempts: 1,
  latencyMs,
  fallback: false,
  ...more,
})
const failed: AdapterUse = { success: false, attempts: 3, latencyMs: null, fallback: false }

test('a task counts once, whatever number of attempts it took, and its attempts are counted beside', () => {
  const window = new UseWindow()
  for (const use of [done(10), done(30, { attempts: 3 }), failed, done(20, { fallback: true })])
    window.add(use)
  expect(window.statistics('agno')).toEqual({
    adapter: 'agno',
    successes: 3,
    failures: 1,
    totalAttempts: 4,
    successRate: 0.75,
    fallbacks: 1,
    attempts: { total: 8, failures: 5 },
    latencyMs: { p50: 20, p90: 30, p99: 30, max: 30 },
  })
})

test('of no tasks there is no rate and no latency', () => {
  expect(new UseWindow().statistics('agno')).toMatchObject({ successRate: null, latencyMs: null })
})

test('the window counts its latest 1 000 tasks and no other', () => {
  const use = fc.record({
    success: fc.boolean(),
    attempts: fc.integer({ min: 1, max: 5 }),
    latencyMs: fc.option(fc.integer({ min: 0, max: 20 })),
    fallback: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(use, { minLength: WINDOW_TASKS, maxLength: WINDOW_TASKS + 60 }), (uses) => {
      const whole = new UseWindow()
      const latest = new UseWindow()
      for (const each of uses) whole.add(each)
      for (const each of uses.slice(-WINDOW_TASKS)) latest.add(each)
      expect(whole.statistics('a')).toEqual(latest.statistics('a'))
      const latencies = uses.slice(-WINDOW_TASKS).flatMap(({ latencyMs }) => latencyMs ?? [])
      expect(whole.statistics('a').latencyMs?.max).toBe(
        latencies.length === 0 ? undefined : Math.max(...latencies),
      )
    }),
    { numRuns: 20 },
  )
})
