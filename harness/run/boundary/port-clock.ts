import type { Timer } from '../../../src/index.ts'
import { sleep } from '../../../src/world/sleep.ts'
import { timerDelayMs } from '../../../src/world/timer-delay.ts'
import type { PortClock, PortTimer } from '../../scenario/ports.ts'
import { timeoutSignal } from '../../world/globals/timers-promises.ts'
import { VirtualTimeout } from '../../world/globals/virtual-timeout.ts'
import type { VirtualTimers, WaitingTimer } from '../../world/globals/virtual-timers.ts'
import { WaitingTimers } from '../../world/globals/waiting-timers.ts'
import type { SimWorld } from '../../world/sim-world.ts'

/** The timers that a subject sets with `ports.clock`; they are Node's in all but their time. */
export class PortTimers implements VirtualTimers {
  readonly #world: SimWorld
  readonly #waiting = new WaitingTimers()
  readonly isOver = false

  constructor(world: SimWorld) {
    this.#world = world
  }

  get nowMs(): number {
    return this.#world.timeline.nowMs
  }

  set(timer: WaitingTimer, delayMs: number, fire: () => void): Timer {
    this.#waiting.add(timer)
    return this.#world.clock.after(delayMs, `ports.clock.${timer.words}`, fire)
  }

  unset(timer: WaitingTimer): void {
    this.#waiting.delete(timer)
  }

  /** A timer without a handle, as `sleep` has it. It keeps a process alive all the same. */
  after(delayMs: number, point: string, callback: () => void): Timer {
    const { nowMs } = this
    const due = this.#world.clock.after(delayMs, point, () => {
      this.#waiting.delete(waiting)
      callback()
    })
    const cancel = (): void => {
      this.#waiting.delete(waiting)
      due.cancel()
    }
    const waiting: WaitingTimer = {
      words: `${point} of ${delayMs} ms`,
      madeAtMs: nowMs,
      setAtMs: nowMs,
      delayMs: timerDelayMs(delayMs),
      repeats: false,
      hasRef: () => true,
      isKept: false,
      close: cancel,
      // A scenario's own.
      keepIn: cancel,
    }
    this.#waiting.add(waiting)
    return { cancel }
  }

  /** The process that set them is dead. */
  forget(): void {
    this.#waiting.closeAll()
  }

  /** Those that wait and keep a process alive. */
  referenced(): readonly WaitingTimer[] {
    return this.#waiting.referenced()
  }
}

/** `ports.clock`: functions that need no `this`, as the global ones, since subjects hand them on one by one. */
export function portClock({ clock }: SimWorld, timers: PortTimers): PortClock {
  const start =
    (repeats: boolean): PortClock['setTimeout'] =>
    (callback, ms, ...args) =>
      new VirtualTimeout(
        timers,
        { call: (...given) => Reflect.apply(callback, undefined, given) as unknown, args },
        ms,
        repeats,
      )
  return Object.freeze<PortClock>({
    monotonicMs: clock.monotonicMs,
    wallMs: clock.wallMs,
    now: clock.wallMs,
    sleep: (ms, signal) => sleep(timers, ms, 'ports.clock.sleep', signal),
    setTimeout: start(false),
    setInterval: start(true),
    clearTimeout: clear,
    clearInterval: clear,
    timeoutSignal: (ms) => timeoutSignal(timers, ms),
  })
}

function clear(timer: PortTimer | null | undefined): void {
  if (timer instanceof VirtualTimeout) timer.close()
}
