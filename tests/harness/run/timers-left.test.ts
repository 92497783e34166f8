import { expect, test } from 'vitest'
import { TimersLeft } from '../../../harness/run/timers-left.ts'
import type { WaitingTimer } from '../../../harness/world/globals/virtual-timers.ts'

const timer = (words: string, more: Partial<WaitingTimer>): WaitingTimer => ({
  words,
  madeAtMs: 10,
  setAtMs: 40,
  delayMs: 100,
  repeats: false,
  isKept: false,
  hasRef: () => true,
  close: () => {},
  keepIn: () => {},
  ...more,
})

test('each timer that outlives its subject is told once: as it was then, or as one that goes on', () => {
  const beat = timer('beat', { repeats: true })
  const pause = timer('pause', {})
  let waiting: readonly WaitingTimer[] = [beat, pause]
  const left = new TimersLeft([undefined, { referenced: () => waiting }], 50)
  waiting = [beat, timer('anew', { setAtMs: 51 })]
  expect(left.afterDrain()).toEqual([
    { words: 'beat', sinceMs: 10, leftMs: 90, endless: true },
    { words: 'anew', sinceMs: 10, leftMs: 101, endless: true },
    { words: 'pause', sinceMs: 10, leftMs: 90, endless: false },
  ])
})

test('where none waits, none is left', () => {
  expect(new TimersLeft([{ referenced: () => [] }, undefined], 50).afterDrain()).toEqual([])
})
