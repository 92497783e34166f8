import type { Pins } from '../../world/pins.ts'

/** One held pin that can be given back for a while. */
interface LendablePin {
  readonly point: string
  release: (() => void) | undefined
  /** Who has borrowed it. */
  loan: Loan | undefined
}

/** What a borrower has; `undefined` until there is a pin to be had. */
interface Loan {
  pin: LendablePin | undefined
  readonly patient: boolean
}

/**
 * The pins of HTTP clients. A client holds one from asking to having its answer; the server side borrows a held one
 * away while virtual time has to pass. Pins only count, so it does not matter whose is lent.
 */
export class PinPool {
  readonly #pins: Pins
  readonly #open = new Set<LendablePin>()
  /** Borrowers for whom no pin was held: the next one that is taken is theirs. */
  readonly #waiting = new Set<Loan>()

  constructor(pins: Pins) {
    this.#pins = pins
  }

  /** Holds time still until the returned function is called. */
  hold(point: string): () => void {
    const pin: LendablePin = { point, release: undefined, loan: undefined }
    this.#open.add(pin)
    const [loan] = this.#waiting
    if (loan === undefined) pin.release = this.#pins.hold(point)
    else this.#take(loan, pin)
    return () => {
      this.#open.delete(pin)
      pin.release?.()
      if (pin.loan?.patient !== true) return
      pin.loan.pin = undefined
      this.#waiting.add(pin.loan)
    }
  }

  /**
   * Lets one client's pin go until the returned function is called; nothing to do when no client holds any.
   *
   * @param patient a client that holds none now takes one while this lasts, as the reader of a body does for each piece
   */
  lend(patient = false): () => void {
    const loan: Loan = { pin: undefined, patient }
    const held = [...this.#open].find(({ loan: taken }) => taken === undefined)
    if (held !== undefined) this.#take(loan, held)
    else if (patient) this.#waiting.add(loan)
    return () => {
      this.#waiting.delete(loan)
      const { pin } = loan
      if (pin === undefined) return
      pin.loan = undefined
      // A client that has hung up meanwhile has nothing to hold time for.
      if (this.#open.has(pin)) pin.release = this.#pins.hold(pin.point)
    }
  }

  #take(loan: Loan, pin: LendablePin): void {
    this.#waiting.delete(loan)
    loan.pin = pin
    pin.loan = loan
    pin.release?.()
    pin.release = undefined
  }

  releaseAll(): void {
    for (const { release } of this.#open) release?.()
    this.#open.clear()
  }
}
