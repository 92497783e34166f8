import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimerQueue } from '../../../harness/world/timer-queue.ts'

test('timers come out sorted by due time, then by the order they went in, without the cancelled ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ dueMs: fc.integer({ min: 0, max: 50 }), cancelled: fc.boolean() })),
      (timers) => {
        const queue = new TimerQueue()
        const dues = timers.map(({ dueMs }, index) => queue.add(dueMs, String(index), () => {}))
        for (const [index, { cancelled }] of timers.entries()) if (cancelled) dues[index]!.cancelled = true
        const taken: number[] = []
        for (let due = queue.take(); due !== undefined; due = queue.take()) taken.push(Number(due.point))
        const kept = timers.flatMap(({ cancelled }, index) => (cancelled ? [] : [index]))
        expect(taken).toEqual(kept.toSorted((a, b) => timers[a]!.dueMs - timers[b]!.dueMs || a - b))
      },
    ),
  )
})

test('a cancelled timer is none that waits', () => {
  const queue = new TimerQueue()
  const dues = ['first', 'second'].map((point, index) => queue.add(index, point, () => {}))
  expect(queue.points()).toEqual(['first', 'second'])
  dues[0]!.cancel()
  expect(queue.points()).toEqual(['second'])
})
