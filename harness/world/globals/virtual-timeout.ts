import { AsyncResource } from 'node:async_hooks'
import { TIMER_MS_MAX } from '../../../src/world/timer-delay.ts'
import { asUpkeepOf, currentUpkeep, currentWork, ofOurOwn, type Upkeep } from '../work/hook.ts'
import { runningFor } from './running.ts'
import type { VirtualTimers, WaitingTimer } from './virtual-timers.ts'
import type { Timer } from '../../../src/world/world.ts'

// Captured at import: these are real, whatever the globals are later.
const realTimeout = setTimeout
const clearRealTimeout = clearTimeout

/** What a timer calls, and with what. */
export interface Callback {
  readonly call: (...args: unknown[]) => unknown
  readonly args: readonly unknown[]
}

/** Those that were turned into a number, by which they may be cleared. */
const numbered = new Map<number, VirtualTimeout>()
/** Far from the numbers that Node gives. */
let lastNumber = 1_000_000_000

/**
 * What `setTimeout` and `setInterval` give to the code of a scenario: a `Timeout` as Node has it, in virtual time. Its
 * callback runs in the async context that it was set in.
 */
export class VirtualTimeout implements WaitingTimer {
  #timers: VirtualTimers
  readonly #delayMs: number
  readonly #repeats: boolean
  readonly #callback: Callback
  readonly #context = new AsyncResource('VirtualTimeout')
  /** While it waits. */
  #due: Timer | undefined
  #setAtMs = 0
  #madeAtMs: number
  #cleared = false
  #isReferenced = true
  /** So is what it sets itself: a chain of timers is as good as an interval. */
  #upkeep: Upkeep | undefined = currentUpkeep()
  #number: number | undefined

  constructor(timers: VirtualTimers, callback: Callback, delay: unknown, repeats: boolean) {
    this.#timers = timers
    this.#madeAtMs = timers.nowMs
    this.#callback = callback
    this.#delayMs = delayOf(delay)
    this.#repeats = repeats
    this.#set()
  }

  /** Ends the wait; what has been cleared cannot be set again. */
  close(): this {
    this.#cleared = true
    this.#unset()
    this.#forgetNumber()
    return this
  }

  /** Begins the wait anew. */
  refresh(): this {
    if (this.#cleared) return this
    this.#unset()
    if (this.#timers.isOver) this.#moveToRunning()
    this.#set()
    return this
  }

  ref(): this {
    this.#isReferenced = true
    return this
  }

  unref(): this {
    this.#isReferenced = false
    return this
  }

  hasRef(): boolean {
    return this.#isReferenced
  }

  [Symbol.toPrimitive](): number {
    this.#number ??= ++lastNumber
    numbered.set(this.#number, this)
    return this.#number
  }

  [Symbol.dispose](): void {
    this.close()
  }

  get repeats(): boolean {
    return this.#repeats
  }

  get isKept(): boolean {
    return this.#upkeep !== undefined
  }

  keepIn(timers: VirtualTimers, upkeep: Upkeep): void {
    this.#unset()
    this.#upkeep ??= upkeep
    this.#timers = timers
    this.#madeAtMs = timers.nowMs
    this.#set()
  }

  /** A module may have put Node's own `clearTimeout` aside at import: it ends a timer by taking its callback away. */
  get _onTimeout(): unknown {
    return this.#cleared ? null : this.#callback.call
  }

  set _onTimeout(callback: unknown) {
    if (callback === null) this.close()
  }

  /** Tells that `clearTimeout` that this timer is in none of its lists. */
  get _destroyed(): boolean {
    return true
  }

  get madeAtMs(): number {
    return this.#madeAtMs
  }

  get setAtMs(): number {
    return this.#setAtMs
  }

  get delayMs(): number {
    return this.#delayMs
  }

  get words(): string {
    return `${this.#repeats ? 'setInterval' : 'setTimeout'} of ${this.#delayMs} ms`
  }

  /** A module may keep its timer from scenario to scenario, and wind it up in each. */
  #moveToRunning(): void {
    this.#timers = runningFor()?.timers ?? this.#timers
    this.#madeAtMs = this.#timers.nowMs
  }

  #set(): void {
    this.#setAtMs = this.#timers.nowMs
    this.#due = this.#timers.set(this, this.#delayMs, this.#fire)
  }

  #unset(): void {
    this.#due?.cancel()
    this.#due = undefined
    this.#timers.unset(this)
  }

  #forgetNumber(): void {
    if (this.#number !== undefined) numbered.delete(this.#number)
  }

  #call(): void {
    const { call, args } = this.#callback
    // What a kept one does is part of the scenario that it fires in, not of the one that has set it.
    const upkeep = this.#upkeep
    const work = upkeep === undefined ? undefined : currentWork()
    if (upkeep === undefined || work === undefined) {
      this.#context.runInAsyncScope(call, this, ...args)
      return
    }
    if (upkeep === 'left over') work.leftOver.add(this.words)
    this.#context.runInAsyncScope(() =>
      asUpkeepOf(work, upkeep, () => {
        Reflect.apply(call, this, args)
      }),
    )
  }

  readonly #fire = (): void => {
    this.#unset()
    try {
      this.#call()
    } finally {
      if (this.#repeats && !this.#cleared && this.#due === undefined) this.#set()
      if (this.#due === undefined) this.#forgetNumber()
    }
  }
}

/**
 * Clears a virtual timer, whoever asks.
 *
 * @returns whether it was one; all else is for Node to clear
 */
export function clearVirtual(timer: unknown): boolean {
  const byNumber = typeof timer === 'number' || typeof timer === 'string'
  const found = byNumber ? numbered.get(Number(timer)) : timer
  if (!(found instanceof VirtualTimeout)) return false
  found.close()
  return true
}

/** The delay that Node gives a timer, in milliseconds: whole, at least 1, and 1 for what is too long. */
function delayOf(delay: unknown): number {
  if (delay === undefined || delay === 0) return 1
  const asked = Number(delay)
  if (asked >= 1 && asked <= TIMER_MS_MAX) return Math.trunc(asked)
  // What Node warns of, such as a delay that is too long, it warns of itself.
  ofOurOwn(() => clearRealTimeout(realTimeout(() => {}, delay as number)))
  return 1
}
