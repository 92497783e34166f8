import type { Timer } from '../../src/index.ts'
import { timerDelayMs } from '../../src/world/timer-delay.ts'
import { TimerQueue } from './timer-queue.ts'

/** Virtual time and what is due in it. */
export interface Timeline {
  /** Virtual milliseconds since the world began. */
  readonly nowMs: number
  after(delayMs: number, point: string, fire: () => void): Timer
  /** Jumps to the next timer and fires it; false when there is none. */
  fireNext(): boolean
  /** What is waiting. */
  points(): readonly string[]
}

/** The timeline of code that asks our clock for the time. */
export class OwnTimeline implements Timeline {
  nowMs = 0
  readonly #queue = new TimerQueue()

  after(delayMs: number, point: string, fire: () => void): Timer {
    return this.#queue.add(this.nowMs + timerDelayMs(delayMs), point, fire)
  }

  fireNext(): boolean {
    const due = this.#queue.take()
    if (due === undefined) return false
    this.nowMs = Math.max(this.nowMs, due.dueMs)
    due.fire()
    return true
  }

  points(): readonly string[] {
    return this.#queue.points()
  }
}
