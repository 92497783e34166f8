/** Tasks that were cancelled and may be tried again; the oldest is forgotten beyond that. */
const KEYS_MAX = 1_000

/**
 * What was cancelled, by idempotency key. A server that knows a key answers with the task it belongs to: of one that was
 * cancelled another attempt would only learn that it is. So it gets a new key, but only then: where cancelling failed, the
 * work may be going on, and the old key leads to it.
 */
export class Cancellations {
  /** How often each task was cancelled. */
  readonly #times = new Map<string, number>()
  readonly #going = new Map<string, Promise<void>>()

  /** The key that the next attempt goes by. */
  keyFor(key: string): string {
    const times = this.#times.get(key)
    return times === undefined ? key : `${key}-${times + 1}`
  }

  /** Settles when nothing of this key is being cancelled. */
  async settled(key: string): Promise<void> {
    await this.#going.get(key)
  }

  /** Notes that a task is being cancelled, and what comes of it. Never rejects. */
  note(key: string, cancelled: Promise<boolean>): Promise<void> {
    const done = cancelled.then((really) => {
      this.#going.delete(key)
      if (!really) return
      this.#times.set(key, (this.#times.get(key) ?? 0) + 1)
      const [oldest] = this.#times.keys()
      if (this.#times.size > KEYS_MAX && oldest !== undefined) this.#times.delete(oldest)
    })
    this.#going.set(key, done)
    return done
  }
}
