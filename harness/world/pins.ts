/**
 * Pins keep virtual time from overtaking real I/O: while one is held, no timer fires. The code that starts the I/O
 * holds it, so a pin is exact; `Work` can only go by what Node reports.
 */
export class Pins {
  /** Made for the first: most worlds never hold one, and many worlds are made. */
  #held: Map<number, string> | undefined
  #next = 0
  #allReleased: (() => void) | undefined

  get held(): boolean {
    return this.#held !== undefined && this.#held.size > 0
  }

  /** Holds time still until the returned function is called; calling it again does nothing. */
  hold(point: string): () => void {
    const pin = this.#next++
    const held = (this.#held ??= new Map())
    held.set(pin, point)
    return () => {
      if (held.delete(pin) && held.size === 0) this.#allReleased?.()
    }
  }

  /** What holds time still, oldest first. */
  points(): string[] {
    return [...(this.#held?.values() ?? [])]
  }

  /** Calls back once when the last pin is released; `undefined` takes the wish back. */
  onAllReleased(callback: (() => void) | undefined): void {
    this.#allReleased = callback
  }
}
