import { goesOn, type VirtualTimers, type WaitingTimer } from './virtual-timers.ts'

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

  /** Those of the subject's own that keep a process alive. */
  referenced(): readonly WaitingTimer[] {
    return this.#waiting.size === 0
      ? NONE
      : [...this.#waiting].filter((timer) => timer.hasRef() && !timer.isKept)
  }

  goingOn(afterMs: number): readonly WaitingTimer[] {
    return this.#waiting.size === 0 ? NONE : [...this.#waiting].filter((timer) => goesOn(timer, afterMs))
  }

  someKept(): boolean {
    for (const { isKept } of this.#waiting) if (isKept) return true
    return false
  }

  /** Those that modules keep wait elsewhere from now on. */
  keepIn(timers: VirtualTimers): void {
    if (this.#waiting.size === 0) return
    for (const timer of this.#waiting) if (timer.isKept) timer.keepIn(timers, 'kept')
  }

  /** The process that set them is dead. */
  closeAll(): void {
    for (const timer of this.#waiting) timer.close()
  }

  [Symbol.iterator](): Iterator<WaitingTimer> {
    return this.#waiting.values()
  }
}
