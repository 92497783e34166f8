import type { WaitingTimer } from './virtual-timers.ts'

const NONE: readonly WaitingTimer[] = []

/** The timers of one process that have been set and have not fired. */
export class WaitingTimers {
  readonly #waiting = new Set<WaitingTimer>()

  add(timer: WaitingTimer): void {
    this.#waiting.add(timer)
  }

  delete(timer: WaitingTimer): void {
    this.#waiting.delete(timer)
  }

  /** Those that keep a process alive. */
  referenced(): readonly WaitingTimer[] {
    return this.#waiting.size === 0 ? NONE : [...this.#waiting].filter((timer) => timer.hasRef())
  }

  /** The process that set them is dead. */
  closeAll(): void {
    for (const timer of this.#waiting) timer.close()
  }

  [Symbol.iterator](): Iterator<WaitingTimer> {
    return this.#waiting.values()
  }
}
