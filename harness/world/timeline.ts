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
  /** What is waiting; what modules keep aside. */
  points(): readonly string[]
  /** Nothing waits but timers that modules keep. */
  onlyKeptWait(): boolean
  /** How many of those have fired. */
  readonly keptFired: number
  /** Those fire no more: the subject has settled. */
  restKept(): void
}

/** The timeline of code that asks our clock for the time. */
export class OwnTimeline implements Timeline {
  nowMs = 0
  keptFired = 0
  readonly #queue = new TimerQueue()

  after(delayMs: number, point: string, fire: () => void, isKept = false): Timer {
    return this.#queue.add(this.nowMs + timerDelayMs(delayMs), point, fire, isKept)
  }

  onlyKeptWait(): boolean {
    return false
  }

  restKept(): void {}

  fireNext(): boolean {
    const due = this.#queue.take()
    if (due === undefined) return false
    this.nowMs = Math.max(this.nowMs, due.dueMs)
    if (due.isKept) this.keptFired++
    due.fire()
    return true
  }

  /** Something waits that no module keeps. */
  protected get someWait(): boolean {
    return this.#queue.waiting > 0
  }

  points(): readonly string[] {
    return this.#queue.points()
  }
}
