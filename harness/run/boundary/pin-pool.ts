import type { Pins } from '../../world/pins.ts'

/** One held pin that can be given back for a while. */
interface LendablePin {
  readonly point: string
  release: (() => void) | undefined
  lent: boolean
}

/**
 * The pins of HTTP clients. A client holds one from asking to having its answer; the server side borrows a held one
 * away while virtual time has to pass. Pins only count, so it does not matter whose is lent.
 */
export class PinPool {
  readonly #pins: Pins
  readonly #open = new Set<LendablePin>()

  constructor(pins: Pins) {
    this.#pins = pins
  }

  /** Holds time still until the returned function is called. */
  hold(point: string): () => void {
    const pin: LendablePin = { point, release: this.#pins.hold(point), lent: false }
    this.#open.add(pin)
    return () => {
      this.#open.delete(pin)
      pin.release?.()
    }
  }

  /** Lets one client's pin go until the returned function is called; nothing to do when no client holds any. */
  lend(): () => void {
    const pin = [...this.#open].find(({ lent }) => !lent)
    if (pin === undefined) return () => {}
    pin.lent = true
    pin.release?.()
    pin.release = undefined
    return () => {
      pin.lent = false
      // A client that has hung up meanwhile has nothing to hold time for.
      if (this.#open.has(pin)) pin.release = this.#pins.hold(pin.point)
    }
  }

  releaseAll(): void {
    for (const { release } of this.#open) release?.()
    this.#open.clear()
  }
}
