/** A cached output, and when it is too old. */
interface Entry {
  readonly output: unknown
  readonly untilMs: number
}

/**
 * Outputs by key: each until its time is over, and at most `max` of them, of which the one goes that was asked for
 * longest ago. Times are milliseconds of one clock.
 */
export class ResultCache {
  readonly #max: number
  /** A map keeps the order in which keys came; one that is asked for comes again. */
  readonly #entries = new Map<string, Entry>()

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#entries.size
  }

  find(key: string, nowMs: number): { readonly output: unknown } | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (nowMs >= entry.untilMs) return undefined
    this.#entries.set(key, entry)
    return entry
  }

  keep(key: string, output: unknown, untilMs: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { output, untilMs })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) return
      this.#entries.delete(oldest)
    }
  }
}
