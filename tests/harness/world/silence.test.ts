import { afterEach, expect, test } from 'vitest'
import { LIMITS } from '../../../harness/world/limits.ts'
import { Silence } from '../../../harness/world/silence.ts'

/** The whole process stands still, as on a machine that has no processor for it. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

const silence = new Silence()
afterEach(() => silence.end())

test('a pause of the whole process is no silence: in it no news could come', () => {
  expect([silence.isLong(), silence.isFinal(LIMITS)]).toEqual([false, false])
  pause(150)
  expect([silence.isLong(), silence.isFinal(LIMITS)]).toEqual([false, false])
})

test('a silence that was looked at all the while is long', () => {
  let looks = 1
  while (!silence.isLong()) {
    looks++
    pause(5)
  }
  // Ten milliseconds count of each look at most.
  expect(looks).toBeGreaterThan(10)
  silence.end()
  expect(silence.isLong()).toBe(false)
})

test('the real limit of a scenario counts pauses, too: its test has no more time', () => {
  const limits = { ...LIMITS, realMs: 50 }
  expect(silence.isFinal(limits)).toBe(false)
  pause(60)
  expect(silence.isFinal(limits)).toBe(true)
})
