import type { Timer } from '../../../src/world/world.ts'
import type { Upkeep } from '../work/hook.ts'

/** A timer of the scenario's code. */
export interface WaitingTimer {
  /** What it is and how long it takes: `setTimeout of 30 ms`. */
  readonly words: string
  /** When it was made, in virtual milliseconds. */
  readonly madeAtMs: number
  /** When its wait began, in virtual milliseconds. */
  readonly setAtMs: number
  /** How long it waits, in milliseconds. */
  readonly delayMs: number
  readonly repeats: boolean
  /** Whether it keeps a process alive. */
  hasRef(): boolean
  /** A module keeps it from scenario to scenario. */
  readonly isKept: boolean
  /** Ends the wait. */
  close(): void
  /**
   * From now on it goes on from scenario to scenario, and waits anew, with these.
   *
   * @param upkeep what it is, where that is not known yet
   */
  keepIn(timers: VirtualTimers, upkeep: Upkeep): void
}

/** Where they wait. */
export interface VirtualTimers {
  readonly nowMs: number
  /** Their scenario has ended: nothing fires any more. */
  readonly isOver: boolean
  set(timer: WaitingTimer, delayMs: number, fire: () => void): Timer
  unset(timer: WaitingTimer): void
}

/** Whether it goes on for ever: it repeats, or was set anew after this moment. A wait that was long before ends once. */
export function goesOn({ repeats, setAtMs }: WaitingTimer, afterMs: number): boolean {
  return repeats || setAtMs > afterMs
}
