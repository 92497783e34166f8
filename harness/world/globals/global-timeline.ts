import type { Timer } from '../../../src/world/world.ts'
import { seededRandom } from '../seeded-random.ts'
import { OwnTimeline } from '../timeline.ts'
import { abandon } from './abandoned.ts'
import { installFakes } from './fakes.ts'
import { keptTimers } from './kept-timers.ts'
import type { PutBack } from '../put-back.ts'
import { type Running, setRunning } from './running.ts'
import type { VirtualTimers, WaitingTimer } from './virtual-timers.ts'
import { WaitingTimers } from './waiting-timers.ts'

/** So many times may the clocks be read at one moment before time goes on by itself. */
const READS_MAX = 1_000
/** So many more for each millisecond. */
const READS_PER_MS = 200
/**
 * So often in a row may timers fire that modules keep, while nothing else does. Then they rest until something else fires: a
 * beat of 50 ms must not make a wait of a day expensive, nor a subject that waits for nothing look busy.
 */
const KEPT_IN_A_ROW_MAX = 10_000

/**
 * The timeline of code that uses Node's global timers: while it is there, the scenario's code is given virtual timers,
 * dates and clocks, and seeded randomness (`fakes.ts` lists them). All other code of the process keeps what is real.
 * Uninstall it in a `finally`.
 *
 * Timers that modules keep — set when they were imported, or left by an earlier scenario — are wound up when it begins, and go
 * on in the next one. The subject does not wait for them, so they neither keep it busy nor count as its own.
 *
 * **Gotchas:** it cannot fake a `setTimeout` that a module has put aside at import, unless the fakes were in place then, as they
 * are when the subject of a scenario file is imported; such timers run in real time, and
 * virtual time waits for short ones only. `Event.timeStamp`, `Atomics.waitAsync` and `fs.watchFile` go by
 * the real time. `setImmediate` and `process.nextTick` stay real, too: the loop
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
  /** Whether any timer is here that a module keeps; most scenarios have none. */
  #hasKept = false
  #keptInARow = 0
  #isForgotten = false
  readonly #uninstall: PutBack

  /** @throws when a global cannot be replaced; nothing is faked then */
  constructor(originMs: number, seed = 1) {
    super()
    this.originMs = originMs
    this.random = seededRandom(seed)
    this.#uninstall = installFakes()
    setRunning(this)
    if (keptTimers.size > 0) keptTimers.goOnIn(this)
  }

  get wallMs(): number {
    return this.originMs + this.nowMs
  }

  override fireNext(): boolean {
    this.#reads = 0
    if (!this.#hasKept) return super.fireNext()
    const before = this.keptFired
    if (this.#keptInARow >= KEPT_IN_A_ROW_MAX) this.restKept()
    const fired = super.fireNext()
    if (this.keptFired > before) this.#keptInARow++
    else if (fired) this.#wakeKept()
    return fired
  }

  override onlyKeptWait(): boolean {
    // In this order: it is asked whenever time moves, and only then is the first of them one that is kept.
    return this.#hasKept && !this.someWait && this.#waiting.someKept()
  }

  override restKept(): void {
    this.#waiting.keepIn(keptTimers)
  }

  /** Something else has fired. */
  #wakeKept(): void {
    if (this.#keptInARow >= KEPT_IN_A_ROW_MAX && !this.#isForgotten) keptTimers.goOnIn(this)
    this.#keptInARow = 0
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
    // What its modules keep serves the scenarios after this one, whose process is another.
    this.restKept()
    this.#isForgotten = true
    this.#waiting.closeAll()
  }

  /**
   * The subject has settled, and all else has run on: what still goes on is kept by its modules, and goes on in the next
   * scenario. A process has them for as long as it lives, however often the subject is called.
   *
   * @param endMs when it settled; a long wait from before then ends once
   * @param background whether it is right that a timer keeps the process alive
   */
  keepWhatGoesOn(endMs: number, background: boolean): void {
    if (this.#isForgotten) return
    for (const timer of this.#waiting.goingOn(endMs))
      if ((background || !timer.hasRef()) && !keptTimers.isFull) timer.keepIn(keptTimers, 'left over')
  }

  set(timer: WaitingTimer, delayMs: number, fire: () => void): Timer {
    this.#waiting.add(timer)
    this.#hasKept ||= timer.isKept
    return this.after(delayMs, timer.words, fire, timer.isKept)
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
    this.restKept()
    this.isOver = true
    setRunning(undefined)
    abandon(this.#waiting)
    this.#uninstall()
  }
}
