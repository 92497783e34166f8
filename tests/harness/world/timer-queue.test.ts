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
        for (const [index, { cancelled }] of timers.entries()) if (cancelled) dues[index]!.cancel()
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

test('those that wait and that no module keeps are counted, however they go', () => {
  const queue = new TimerQueue()
  const [first, second] = [1, 2].map((ms) => queue.add(ms, 'a wait', () => {}))
  const kept = queue.add(3, 'a sweeper', () => {}, true)
  expect(queue.waiting).toBe(2)
  expect(queue.take()).toBe(first)
  first!.cancel()
  expect(queue.waiting).toBe(1)
  second!.cancel()
  second!.cancel()
  kept.cancel()
  expect(queue.waiting).toBe(0)
  expect(queue.take()).toBeUndefined()
})
