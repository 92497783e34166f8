import type { Timer } from '../../../src/world/world.ts'
import { ofOurOwn } from '../work/hook.ts'
import type { VirtualTimers, WaitingTimer } from './virtual-timers.ts'

// Captured at import: these are real, whatever the globals are later.
const realTimeout = setTimeout
const clearRealTimeout = clearTimeout

/**
 * Most timers that are kept from scenario to scenario: a subject that makes one in each call leaves many. Chosen, not
 * measured: modules have a handful, and to wind fifty up costs a scenario nothing that can be seen.
 */
const KEPT_MAX = 50

/**
 * Waits shorter than this, in milliseconds, are part of the import: a turn, a pause before a connection is made. Chosen,
 * not measured: such pauses are milliseconds, and single waits of upkeep are seconds or minutes.
 */
const UPKEEP_MS_MIN = 1_000

/**
 * The timers that modules keep while no scenario runs: a cache's sweeper, a bucket's refill. Nothing fires here. Each scenario
 * winds them up when it begins, and leaves them here at its end.
 */
class KeptTimers implements VirtualTimers {
  readonly nowMs = 0
  readonly isOver = false
  readonly #waiting = new Set<WaitingTimer>()

  get size(): number {
    return this.#waiting.size
  }

  get isFull(): boolean {
    return this.#waiting.size >= KEPT_MAX
  }

  set(timer: WaitingTimer): Timer {
    this.#waiting.add(timer)
    return NOTHING_DUE
  }

  unset(timer: WaitingTimer): void {
    this.#waiting.delete(timer)
  }

  /** Winds all of them up. */
  goOnIn(timers: VirtualTimers): void {
    for (const timer of this.#waiting) timer.keepIn(timers, 'kept')
  }

  /** What they are: `setInterval of 60000 ms`. */
  words(): readonly string[] {
    return [...this.#waiting].map(({ words }) => words)
  }
}

const NOTHING_DUE: Timer = { cancel: () => {} }

export const keptTimers: KeptTimers = new KeptTimers()

/**
 * The timers that a module sets while it is imported. They are real until the import is over: it may wait for one. What
 * would still wait a second later, or repeats, is upkeep, and goes on in the scenarios.
 */
export class ImportTimers implements VirtualTimers {
  readonly nowMs = 0
  readonly isOver = false
  readonly #waiting = new Map<WaitingTimer, NodeJS.Timeout>()

  set(timer: WaitingTimer, delayMs: number, fire: () => void): Timer {
    this.#waiting.set(
      timer,
      ofOurOwn(() => realTimeout(fire, delayMs)),
    )
    return NOTHING_DUE
  }

  unset(timer: WaitingTimer): void {
    clearRealTimeout(this.#waiting.get(timer))
    this.#waiting.delete(timer)
  }

  /** The import is over. */
  end(): void {
    for (const [timer, real] of this.#waiting)
      if ((timer.repeats || timer.delayMs >= UPKEEP_MS_MIN) && !keptTimers.isFull)
        timer.keepIn(keptTimers, 'kept')
      else if (!timer.hasRef()) real.unref()
  }
}
