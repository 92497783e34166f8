import { expect, test } from 'vitest'
import { GlobalTimeline } from '../../../harness/world/global-timeline.ts'
import { WALL_START_MS } from '../../../harness/world/sim-world.ts'

const names = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'Date',
  'performance',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
] as const

/** What the globals are at this moment. `performance` keeps its identity and is faked inside. */
function globals(): Record<string, unknown> {
  return {
    ...Object.fromEntries(names.map((name) => [name, globalThis[name]])),
    performance: performance.now,
    hrtime: process.hrtime,
    nextTick: process.nextTick,
  }
}

test('timers, dates and the monotonic clock are virtual meanwhile, turns and microtasks stay real', () => {
  const before = globals()
  const timeline = new GlobalTimeline(WALL_START_MS)
  let faked: string[]
  let nowMs: number
  try {
    faked = Object.entries(globals()).flatMap(([name, value]) => (value === before[name] ? [] : [name]))
    nowMs = Date.now()
  } finally {
    timeline.uninstall()
  }
  expect(faked).toEqual([
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'Date',
    'performance',
    'hrtime',
  ])
  expect(nowMs).toBe(WALL_START_MS)
  expect(globals()).toEqual(before)
})

test('what waits is told by how many timers there are, also those that were set by name', () => {
  const timeline = new GlobalTimeline(WALL_START_MS)
  try {
    expect([timeline.points(), timeline.fireNext(), timeline.nowMs]).toEqual([[], false, 0])
    let fired = 0
    const { cancel } = timeline.after(10, 'one', () => fired++)
    expect(timeline.points()).toEqual(['1 global timer'])
    setTimeout(() => fired++, 20)
    expect(timeline.points()).toEqual(['2 global timers'])
    cancel()
    expect([timeline.fireNext(), timeline.nowMs, fired]).toEqual([true, 20, 1])
  } finally {
    timeline.uninstall()
  }
})
