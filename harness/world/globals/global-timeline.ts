import type { Timer } from '../../../src/world/world.ts'
import { seededRandom } from '../seeded-random.ts'
import { OwnTimeline } from '../timeline.ts'
import { abandon } from './abandoned.ts'
import { installFakes } from './fakes.ts'
import type { PutBack } from '../put-back.ts'
import { type Running, setRunning } from './running.ts'
import type { VirtualTimers, WaitingTimer } from './virtual-timers.ts'
import { WaitingTimers } from './waiting-timers.ts'

/** So many times may the clocks be read at one moment before time goes on by itself. */
const READS_MAX = 1_000
/** So many more for each millisecond. */
const READS_PER_MS = 200

/**
 * The timeline of code that uses Node's global timers: while it is there, the scenario's code is given virtual timers,
 * dates and clocks, and seeded randomness (`fakes.ts` lists them). All other code of the process keeps what is real.
 * Uninstall it in a `finally`.
 *
 * **Gotchas:** it cannot fake a `setTimeout` that a module has put aside at import, unless the fakes were in place then, as they
 * are when the subject of a scenario file is imported; such timers run in real time, and
 * virtual time waits for short ones only. `Intl.DateTimeFormat().format()` without a date, `Event.timeStamp` and
 * `performance.mark` tell the real time. `setImmediate` and `process.nextTick` stay real, too: the loop
 * that moves virtual time needs them.
 */
export class GlobalTimeline extends OwnTimeline implements Running, VirtualTimers {
  readonly originMs: number
  readonly random: () => number
  readonly timers: VirtualTimers = this
  isOver = false
  /** How often a clock was read since time last moved. */
  #reads = 0
  readonly #waiting = new WaitingTimers()
  readonly #uninstall: PutBack

  /** @throws when a global cannot be replaced; nothing is faked then */
  constructor(originMs: number, seed = 1) {
    super()
    this.originMs = originMs
    this.random = seededRandom(seed)
    this.#uninstall = installFakes()
    setRunning(this)
  }

  get wallMs(): number {
    return this.originMs + this.nowMs
  }

  override fireNext(): boolean {
    this.#reads = 0
    return super.fireNext()
  }

  /** A clock is read. Code that does nothing else waits for time to pass, which in the real world it would. */
  read(): this {
    if (++this.#reads > READS_MAX) this.nowMs += 1 / READS_PER_MS
    return this
  }

  /** Timers of the scenario's code that wait and keep a process alive. */
  referenced(): readonly WaitingTimer[] {
    return this.#waiting.referenced()
  }

  /** The process that set them is dead. */
  forget(): void {
    this.#waiting.closeAll()
  }

  set(timer: WaitingTimer, delayMs: number, fire: () => void): Timer {
    this.#waiting.add(timer)
    return this.after(delayMs, timer.words, fire)
  }

  unset(timer: WaitingTimer): void {
    this.#waiting.delete(timer)
  }

  /**
   * Gives the process its real timers back.
   *
   * @throws ShakedownError `E_TIMERS_TAKEN` when code has locked one of them; all others are back then
   */
  uninstall(): void {
    this.isOver = true
    setRunning(undefined)
    abandon(this.#waiting)
    this.#uninstall()
  }
}
