import type { Clock } from '../../../src/world/world.ts'

/** A clock that stands still until the test moves it: what waits is visible, and nothing sleeps. */
export interface ManualClock extends Clock {
  /** Ends the event-loop turn: calls what was scheduled for its end. */
  endTurn(): void
  /** Milliseconds each waiting timer was set for, in the order they were set. */
  waits(): readonly number[]
  /** Lets the timer that was set first fire. */
  fire(): void
}

export function manualClock(): ManualClock {
  const turnEnd: (() => void)[] = []
  const timers: { readonly delayMs: number; readonly callback: () => void }[] = []
  return {
    monotonicMs: () => 0,
    wallMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    after(delayMs, _point, callback) {
      const timer = { delayMs, callback }
      timers.push(timer)
      return {
        cancel: () => {
          const index = timers.indexOf(timer)
          if (index !== -1) timers.splice(index, 1)
        },
      }
    },
    afterTurn: (callback) => {
      turnEnd.push(callback)
    },
    endTurn: () => {
      for (const callback of turnEnd.splice(0)) callback()
    },
    waits: () => timers.map(({ delayMs }) => delayMs),
    fire: () => timers.shift()?.callback(),
  }
}
