import { expect, test } from 'vitest'
import { WaitingTimers } from '../../../../harness/world/globals/waiting-timers.ts'
import type { WaitingTimer } from '../../../../harness/world/globals/virtual-timers.ts'

function timer(words: string, isReferenced: boolean): WaitingTimer & { closed: boolean } {
  return {
    words,
    madeAtMs: 0,
    setAtMs: 0,
    delayMs: 10,
    repeats: false,
    closed: false,
    hasRef: () => isReferenced,
    close() {
      this.closed = true
    },
  }
}

test('of the timers that wait, those that keep a process alive are told apart, and all end with their process', () => {
  const waiting = new WaitingTimers()
  expect(waiting.referenced()).toEqual([])
  const [limit, pause, over] = [timer('limit', false), timer('pause', true), timer('over', true)]
  for (const each of [limit, pause, over]) waiting.add(each)
  waiting.delete(over)
  expect(waiting.referenced()).toEqual([pause])
  expect([...waiting]).toEqual([limit, pause])
  waiting.closeAll()
  expect([limit, pause, over].map(({ closed }) => closed)).toEqual([true, true, false])
})
