import { LIMITS, type Limits } from './limits.ts'
import { Silence } from './silence.ts'
import type { SimWorld } from './sim-world.ts'
import type { Timeline } from './timeline.ts'
import { inNameOf, ofOurOwn } from './work/hook.ts'
import { IMMEDIATE_WORDS } from './work/kinds.ts'
import type { WorkUnderWay } from './work/work.ts'

/**
 * How the loop ended.
 *
 * @example
 * const describe = (end: DriveEnd): string => (end.kind === 'stuck' ? `waits for ${end.pins.join()}` : end.kind)
 */
export type DriveEnd =
  /** The work settled. */
  | { readonly kind: 'settled' }
  /** The work waits for something that will never come: no timer is left, and what is open has used up its real time. */
  | { readonly kind: 'stalled'; readonly open: readonly WorkUnderWay[] }
  /** The work set timer after timer without getting anywhere, until a limit. */
  | {
      readonly kind: 'livelock'
      readonly limit: 'jumps' | 'virtualMs'
      readonly jumps: number
      readonly waiting: readonly string[]
    }
  /** Real work did not settle within its real time. */
  | { readonly kind: 'stuck'; readonly pins: readonly string[]; readonly realMs: number }

/**
 * @example
 * const run = (world: SimWorld, work: Promise<unknown>, options: DriveOptions) => drive(world, work, options)
 */
export interface DriveOptions {
  /** Where the work is given up; what is left out has the default of `LIMITS`. */
  readonly limits?: Partial<Limits> | undefined
}

// Captured at import: global timers may be virtual while a scenario runs.
const realTimeout = setTimeout
const clearRealTimeout = clearTimeout
const realNowMs = performance.now.bind(performance)

/** How often real work that gives no sign is looked at again, in real milliseconds. */
const POLL_MS = 5
/** So many turns may a chain of immediates hold time: a loop of them may be waiting for a timer. */
const TURNS_HELD_MAX = 1_000
/** Turns that what the scenario sends to a server of its own may be on its way, there or back. */
const OWN_TURNS = 20
/** Most jumps for what was given up on: it may have a heartbeat that nobody stops. */
const DRAIN_JUMPS_MAX = 1_000
/** Longest real time that one of them may take, in milliseconds: it may also be an idle connection. */
const DRAIN_REAL_MS_MAX = 1_000

/**
 * Moves a world's time until `work` settles: one real turn of the event loop, then — unless a pin or real work holds it —
 * a jump to the next timer, and so on. Between two timers every microtask runs. `work`'s own failure does not reject; it is
 * its owner's to handle. A fault of the loop itself does reject: it must not look like a wait.
 *
 * @param work a promise, or what makes one: only then is the real work it starts seen, and waited for
 *
 * @example
 * const world = new SimWorld()
 * let result: RunResult | undefined
 * const end = await drive(world, async () => { result = await createEngine({ world }).run(article, 'tides') })
 * if (end.kind === 'settled') console.log(result?.status)
 */
export function drive(
  world: SimWorld,
  work: PromiseLike<unknown> | (() => PromiseLike<unknown>),
  options: DriveOptions = {},
): Promise<DriveEnd> {
  const limits = { ...LIMITS, ...options.limits }
  return inNameOf(
    world.work,
    () =>
      new Promise((resolve, reject) =>
        new Loop(world, limits, { end: resolve, fail: reject }, true).start(
          typeof work === 'function' ? work() : work,
        ),
      ),
  )
}

/**
 * Moves time on until no timer is left but what modules keep, so that what was given up on settles, too. Stops quietly at a limit.
 *
 * @example
 * const world = new SimWorld()
 * await drive(world, createEngine({ world }).run(article, 'tides'))
 * await drain(world)
 */
export function drain(world: SimWorld, options: DriveOptions = {}): Promise<void> {
  const limits = { ...LIMITS, ...options.limits }
  world.timeline.restKept()
  const jumps = Math.min(limits.jumps, DRAIN_JUMPS_MAX)
  const realMs = Math.min(limits.realMs, DRAIN_REAL_MS_MAX)
  return inNameOf(
    world.work,
    () =>
      new Promise((resolve, reject) =>
        new Loop(world, { ...limits, jumps, realMs }, { end: () => resolve(), fail: reject }, false).start(
          undefined,
        ),
      ),
  )
}

/** Where a loop tells what became of it. */
interface Outcome {
  readonly end: (end: DriveEnd) => void
  readonly fail: (fault: unknown) => void
}

class Loop {
  readonly #world: SimWorld
  readonly #limits: Limits
  readonly #end: (end: DriveEnd) => void
  readonly #fail: (fault: unknown) => void
  /** Whether timers that are real, and nothing in sight, are waited for: not by what was given up on. */
  readonly #patient: boolean
  #settled = false
  #jumps = 0
  /** Turns in which only immediates held time, since it last moved. */
  #turnsHeld = 0
  readonly #silence = new Silence()
  /** Turns in which only connections to servers of the scenario's own held time, since anything came on one. */
  #ownTurns = 0
  #stirs = 0
  /** Nothing has happened for long enough that the timers which modules keep may fire alone. */
  #mayFireKept = false
  /** Since when time is held, in real milliseconds; `undefined` while it is not. */
  #heldSinceMs: number | undefined

  constructor(world: SimWorld, limits: Limits, { end, fail }: Outcome, patient: boolean) {
    this.#world = world
    this.#limits = limits
    this.#end = end
    this.#fail = fail
    this.#patient = patient
  }

  start(work: PromiseLike<unknown> | undefined): void {
    const settled = (): void => {
      this.#settled = true
    }
    work?.then(settled, settled)
    this.#world.turns.next(this.#tick)
  }

  readonly #tick = (): void => {
    try {
      this.#step()
    } catch (fault) {
      this.#fail(fault)
    }
  }

  #step(): void {
    if (this.#settled) {
      this.#end({ kind: 'settled' })
      return
    }
    const { pins, work } = this.#world
    const { firm, soft: streams, own, timer, weak } = work.holding()
    const soft = this.#patient ? [...streams, ...timer] : streams
    if (pins.held || soft.length > 0 || !firm.every(isImmediate)) this.#hold(firm, soft)
    else if (firm.length > 0) this.#awaitImmediates(firm, weak)
    else if (own.length > 0 && this.#mayBeOnItsWay()) this.#world.turns.round(this.#tick)
    else this.#move(weak)
  }

  /** Between two ends in this process nothing takes longer than a few turns, unless one of them waits for a timer. */
  #mayBeOnItsWay(): boolean {
    const { stirs } = this.#world.work
    if (stirs !== this.#stirs) this.#ownTurns = 0
    this.#stirs = stirs
    return this.#ownTurns++ < OWN_TURNS
  }

  /** Nothing real holds time. */
  #move(weak: readonly WorkUnderWay[]): void {
    const { timeline, work } = this.#world
    const { virtualMs } = this.#limits
    // Those of timers that modules keep are not the subject's doing.
    const jumps = this.#jumps - timeline.keptFired
    if (jumps >= this.#limits.jumps || timeline.nowMs > virtualMs) {
      const limit = jumps >= this.#limits.jumps ? 'jumps' : 'virtualMs'
      this.#end({ kind: 'livelock', limit, jumps, waiting: timeline.points() })
    } else if (timeline.onlyKeptWait() && !this.#mayMoveByKept()) {
      this.#awaitNews()
    } else if (this.#fireNext()) {
      this.#jumps++
      this.#mayFireKept = this.#mayFireKept && timeline.onlyKeptWait()
      this.#turnsHeld = 0
      this.#ownTurns = 0
      this.#silence.end()
      this.#heldSinceMs = undefined
      this.#world.turns.next(this.#tick)
    } else if (this.#patient && weak.length > 0) {
      this.#hold([], weak)
    } else if (this.#patient && this.#silence.takeQuietTurn()) {
      this.#world.turns.round(this.#tick)
    } else if (this.#patient && !this.#silence.isFinal(this.#limits)) {
      this.#awaitSign(POLL_MS)
    } else {
      this.#end({ kind: 'stalled', open: work.open() })
    }
  }

  /** The subject waits for none of them, so they come after whatever real work it may wait for unseen. */
  #mayMoveByKept(): boolean {
    this.#mayFireKept ||= this.#silence.isLong()
    return this.#mayFireKept
  }

  #awaitNews(): void {
    if (this.#silence.takeQuietTurn()) this.#world.turns.round(this.#tick)
    else this.#awaitSign(POLL_MS)
  }

  #fireNext(): boolean {
    try {
      return this.#world.timeline.fireNext()
    } catch (thrown) {
      // As in the real world, what a timer's callback throws ends no wait, but it is a bug.
      this.#world.uncaught.push(thrown)
      return true
    }
  }

  /** These run in the next turn. A loop of them may be waiting for a timer, so time moves on in the end. */
  #awaitImmediates(firm: readonly WorkUnderWay[], weak: readonly WorkUnderWay[]): void {
    const { timeline, turns } = this.#world
    this.#silence.end()
    this.#heldSinceMs ??= realNowMs()
    const isLong = ++this.#turnsHeld % TURNS_HELD_MAX === 0
    if (isLong && realNowMs() - this.#heldSinceMs > this.#limits.realMs) this.#letGo(firm, [])
    else if (this.#turnsHeld > TURNS_HELD_MAX && !(this.#patient && isEmpty(timeline))) this.#move(weak)
    else turns.round(this.#tick)
  }

  #hold(firm: readonly WorkUnderWay[], soft: readonly WorkUnderWay[]): void {
    this.#silence.end()
    this.#heldSinceMs ??= realNowMs()
    const leftMs = this.#heldSinceMs + this.#limits.realMs - realNowMs()
    if (leftMs > 0) this.#awaitSign(Math.min(leftMs, POLL_MS))
    else this.#letGo(firm, soft)
  }

  /** The real time is used up: what must end by itself and has not is stuck; what may be idle holds time no more. */
  #letGo(firm: readonly WorkUnderWay[], soft: readonly WorkUnderWay[]): void {
    const { pins, work } = this.#world
    this.#heldSinceMs = undefined
    if (pins.held || firm.length > 0) {
      const { realMs } = this.#limits
      this.#end({ kind: 'stuck', pins: [...pins.points(), ...firm.map(({ words }) => words)], realMs })
      return
    }
    work.giveUp(soft)
    this.#move([])
  }

  /** Looks again when something real ends or goes on, at the latest after `withinMs` real milliseconds. */
  #awaitSign(withinMs: number): void {
    const { pins, work, turns } = this.#world
    const again = (): void => {
      clearRealTimeout(poll)
      pins.onAllReleased(undefined)
      work.onStir(undefined)
      // What came has to reach the code that awaits it before time may move.
      turns.next(this.#tick)
    }
    const poll = ofOurOwn(() => realTimeout(again, withinMs))
    work.onStir(again)
    pins.onAllReleased(() => {
      this.#heldSinceMs = undefined
      again()
    })
  }
}

function isEmpty(timeline: Timeline): boolean {
  return timeline.points().length === 0 && !timeline.onlyKeptWait()
}

function isImmediate({ words }: WorkUnderWay): boolean {
  return words === IMMEDIATE_WORDS
}
