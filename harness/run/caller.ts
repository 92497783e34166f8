import type { Timer } from '../../src/index.ts'
import type { Departure, ObservedCall } from '../scenario/observation.ts'
import { type NamedPoint, pointOfMoment } from '../scenario/points-of.ts'
import type { AbortMoment } from '../scenario/spec.ts'
import type { SimWorld } from '../world/sim-world.ts'

// Captured at import: what the subject does to the global later must not reach its caller.
const soon = queueMicrotask

/**
 * Whoever asked for the subject's work, and no longer wants it from the moment the scenario says. It holds the signal that
 * the subject is to listen to, and notes what was under way when it left.
 */
export class Caller {
  /** Set once the caller has left. */
  departure: Departure | null = null
  readonly #world: SimWorld
  readonly #moment: AbortMoment | undefined
  readonly #calls: readonly ObservedCall[]
  readonly #isMeant: ((call: ObservedCall) => boolean) | undefined
  /** Made when it is asked for: most subjects never do. */
  #controller: AbortController | undefined
  #timer: Timer | undefined
  #answered = false

  constructor(world: SimWorld, moment: AbortMoment | undefined, calls: readonly ObservedCall[]) {
    this.#world = world
    this.#moment = moment
    this.#calls = calls
    this.#isMeant =
      typeof moment === 'object' && 'at' in moment ? callsMeantBy(pointOfMoment(moment)) : undefined
    if (typeof moment === 'number') this.#leaveAfter(moment)
  }

  get signal(): AbortSignal {
    return this.#abortable().signal
  }

  /** A call begins. The caller leaves once the code that makes it has it in hand, and before it can have an answer. */
  callBegins(call: ObservedCall): void {
    if (this.#isMeant?.(call) === true) soon(() => this.#leave())
  }

  /** A call failed: with no other under way, the next wait is the back-off. */
  callFailed(): void {
    if (typeof this.#moment !== 'object' || !('during' in this.#moment)) return
    this.#timer?.cancel()
    // A timer of no time fires when all that follows from the failure has happened, and before any time has passed.
    this.#timer = this.#world.clock.after(0, 'the caller', () => {
      if (this.#open().length === 0 && this.#world.timeline.points().length > 0) this.#leave()
    })
  }

  /** The subject has settled, so its caller waits no longer. */
  answered(): void {
    this.#answered = true
    this.#timer?.cancel()
  }

  #leaveAfter(ms: number): void {
    this.#timer = this.#world.clock.after(ms, 'the caller', () => this.#leave())
  }

  #leave(): void {
    if (this.#answered || this.departure !== null) return
    this.departure = {
      atMs: this.#world.clock.monotonicMs(),
      callsBefore: this.#calls.length,
      open: this.#open(),
    }
    this.#abortable().abort()
  }

  #abortable(): AbortController {
    return (this.#controller ??= new AbortController())
  }

  #open(): readonly ObservedCall[] {
    return this.#calls.filter(({ settled }) => settled === 'open')
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
