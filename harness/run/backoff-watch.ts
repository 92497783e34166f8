import type { Timer } from '../../src/index.ts'
import type { ObservedCall } from '../scenario/observation.ts'
import type { SimWorld } from '../world/sim-world.ts'

/** Tells when the subject waits between a failed call and the next: no call is under way then, and a timer waits. */
export class BackoffWatch {
  readonly #world: SimWorld
  readonly #made: { readonly openCount: number }
  readonly #begins: () => void
  /** Who has had a failed call and made no other since. Made for the first. */
  #failed: Set<string> | undefined
  #timer: Timer | undefined

  /** @param begins is called when the subject begins to wait */
  constructor(world: SimWorld, made: { readonly openCount: number }, begins: () => void) {
    this.#world = world
    this.#made = made
    this.#begins = begins
  }

  /** Whoever makes it waits no longer. */
  callBegins(call: ObservedCall): void {
    this.#failed?.delete(whoseOf(call))
  }

  /** A call failed: with no other under way, the next wait is the back-off. */
  callFailed(call: ObservedCall): void {
    ;(this.#failed ??= new Set()).add(whoseOf(call))
    this.#look()
  }

  /** It may have been the last that was under way beside a back-off. */
  callSettled(): void {
    if (this.#failed !== undefined && this.#failed.size > 0) this.#look()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#failed = undefined
  }

  #look(): void {
    this.#timer?.cancel()
    // A timer of no time fires when all that follows has happened, and before any time has passed.
    this.#timer = this.#world.clock.after(0, 'the caller', () => {
      const { openCount } = this.#made
      const waits = openCount === 0 && this.#world.timeline.points().length > 0
      if (waits && this.#failed !== undefined && this.#failed.size > 0) this.#begins()
    })
  }
}

/** Branches wait apart from each other; of a function it is known only which caller's call it is. */
function whoseOf({ tokenId, caller }: ObservedCall): string {
  return tokenId ?? String(caller)
}
