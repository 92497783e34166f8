import { expect, test } from 'vitest'
import { WaitingTimers } from '../../../../harness/world/globals/waiting-timers.ts'
import type { VirtualTimers, WaitingTimer } from '../../../../harness/world/globals/virtual-timers.ts'

interface Noted extends WaitingTimer {
  /** What was done to it. */
  readonly done: string[]
}

function timer(words: string, more: Partial<WaitingTimer> = {}): Noted {
  const done: string[] = []
  return {
    words,
    madeAtMs: 0,
    setAtMs: 0,
    delayMs: 10,
    repeats: false,
    isKept: false,
    hasRef: () => true,
    close: () => done.push('closed'),
    keepIn: () => done.push('kept'),
    done,
    ...more,
  }
}

test('of the timers that wait, those that keep a process alive are told apart, and all end with their process', () => {
  const waiting = new WaitingTimers()
  expect(waiting.referenced()).toEqual([])
  const limit = timer('limit', { hasRef: () => false })
  const [pause, over] = [timer('pause'), timer('over')]
  for (const each of [limit, pause, over]) waiting.add(each)
  waiting.delete(over)
  expect(waiting.referenced()).toEqual([pause])
  expect([...waiting]).toEqual([limit, pause])
  waiting.closeAll()
  expect([limit, pause, over].map(({ done }) => done)).toEqual([['closed'], ['closed'], []])
})

test('those that a module keeps are not the subject’s own, and wait elsewhere when the scenario is over', () => {
  const waiting = new WaitingTimers()
  expect(waiting.someKept()).toBe(false)
  const [own, kept] = [timer('own'), timer('kept', { isKept: true })]
  waiting.add(own)
  expect(waiting.someKept()).toBe(false)
  waiting.add(kept)
  expect([waiting.someKept(), waiting.referenced()]).toEqual([true, [own]])
  waiting.keepIn({} as VirtualTimers)
  expect([own.done, kept.done]).toEqual([[], ['kept']])
})

test('what repeats, and what was set anew after a moment, would wait for ever', () => {
  const waiting = new WaitingTimers()
  expect(waiting.goingOn(0)).toEqual([])
  const [beat, before, anew] = [
    timer('beat', { repeats: true }),
    timer('before', { setAtMs: 5 }),
    timer('anew', { setAtMs: 6 }),
  ]
  for (const each of [beat, before, anew]) waiting.add(each)
  expect(waiting.goingOn(5)).toEqual([beat, anew])
})
