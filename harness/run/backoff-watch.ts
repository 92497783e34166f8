import type { Timer } from '../../src/index.ts'
import type { SimWorld } from '../world/sim-world.ts'

/** Tells when the subject waits between a failed call and the next: no call is under way then, and a timer waits. */
export class BackoffWatch {
  readonly #world: SimWorld
  readonly #made: { readonly openCount: number }
  readonly #begins: () => void
  #timer: Timer | undefined

  /** @param begins is called when the subject begins to wait */
  constructor(world: SimWorld, made: { readonly openCount: number }, begins: () => void) {
    this.#world = world
    this.#made = made
    this.#begins = begins
  }

  /** A call failed: with no other under way, the next wait is the back-off. */
  callFailed(): void {
    this.#timer?.cancel()
    // A timer of no time fires when all that follows from the failure has happened, and before any time has passed.
    this.#timer = this.#world.clock.after(0, 'the caller', () => {
      if (this.#made.openCount === 0 && this.#world.timeline.points().length > 0) this.#begins()
    })
  }

  stop(): void {
    this.#timer?.cancel()
  }
}
