import type { Timer } from '../../src/index.ts'
import type { Departure, ObservedCall } from '../scenario/observation.ts'
import { type NamedPoint, pointOfMoment } from '../scenario/points-of.ts'
import type { AbortMoment } from '../scenario/spec.ts'
import type { SimWorld } from '../world/sim-world.ts'
import { BackoffWatch } from './backoff-watch.ts'
import { SignalListeners } from './signal-listeners.ts'

// Captured at import: what the subject does to the global later must not reach its caller.
const soon = queueMicrotask

/** The calls of the subject so far. */
interface MadeCalls {
  readonly calls: readonly ObservedCall[]
  /** How many of them have not settled. */
  readonly openCount: number
}

/**
 * Whoever asked for the subject's work, and no longer wants it from the moment the scenario says. It holds the signal that
 * the subject is to listen to, and notes what was under way when it left.
 */
export class Caller {
  /** Which of several it is, from 0; `undefined` for the only one. */
  readonly index: number | undefined
  /** Set once the caller has left. */
  departure: Departure | null = null
  /** How many listeners the subject had left on its signal when it settled. */
  listenersLeft = 0
  readonly #world: SimWorld
  readonly #moment: AbortMoment | undefined
  readonly #made: MadeCalls
  readonly #backoff: BackoffWatch
  readonly #isMeant: ((call: ObservedCall) => boolean) | undefined
  /** Made when it is asked for: most subjects never do. */
  #controller: AbortController | undefined
  #listeners: SignalListeners | undefined
  #timer: Timer | undefined
  #answered = false

  constructor(world: SimWorld, moment: AbortMoment | undefined, made: MadeCalls, index?: number) {
    this.index = index
    this.#world = world
    this.#moment = moment
    this.#made = made
    this.#backoff = new BackoffWatch(world, made, () => this.#leave())
    this.#isMeant =
      typeof moment === 'object' && 'at' in moment ? callsMeantBy(pointOfMoment(moment)) : undefined
    if (typeof moment === 'number') this.#leaveAfter(moment)
  }

  get signal(): AbortSignal {
    const { signal } = this.#abortable()
    this.#listeners ??= new SignalListeners(signal)
    return signal
  }

  /** A call begins. The caller leaves once the code that makes it has it in hand, and before it can have an answer. */
  callBegins(call: ObservedCall): void {
    if (this.#isMeant?.(call) === true) soon(() => this.#leave())
    this.#backoff.callBegins(call)
  }

  callFailed(call: ObservedCall): void {
    if (this.leavesInBackoff) this.#backoff.callFailed(call)
  }

  callSettled(): void {
    this.#backoff.callSettled()
  }

  /** Whether it leaves while the subject waits between a failed call and the next. */
  get leavesInBackoff(): boolean {
    return typeof this.#moment === 'object' && 'during' in this.#moment
  }

  /** The subject waits between a failed call and the next. */
  backoffBegins(): void {
    if (this.leavesInBackoff) this.#leave()
  }

  /** Its process has died, and every listener with it. */
  processDied(): void {
    this.#listeners?.forget()
  }

  /** The subject has settled, so its caller waits no longer. */
  answered(): void {
    this.#answered = true
    this.listenersLeft = this.#listeners?.left() ?? 0
    this.#timer?.cancel()
    this.#backoff.stop()
  }

  #leaveAfter(ms: number): void {
    this.#timer = this.#world.clock.after(ms, 'the caller', () => this.#leave())
  }

  #leave(): void {
    if (this.#answered || this.departure !== null) return
    this.departure = {
      atMs: this.#world.clock.monotonicMs(),
      callsBefore: this.#made.calls.length,
      open: this.#open(),
    }
    this.#abortable().abort()
  }

  #abortable(): AbortController {
    return (this.#controller ??= new AbortController())
  }

  #open(): readonly ObservedCall[] {
    return this.#made.calls.filter(({ settled }) => settled === 'open')
  }
}

/** Tells the call a pattern means: the first, unless it says which. Counts the calls it is asked about. */
function callsMeantBy({ pattern, matches }: NamedPoint): (call: ObservedCall) => boolean {
  let count = 0
  return (call) => {
    if (!matches(call)) return false
    count += 1
    return count === (pattern.nth ?? 1)
  }
}
