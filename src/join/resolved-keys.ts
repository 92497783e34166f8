/** What a long-lived source needs to know that something came late; some hundred KB. The contract says so. */
export const RESOLVED_KEYS_MAX = 10_000

/** The joins that were resolved last, bounded: of those that came before, somebody else has to know. */
export class ResolvedKeys {
  readonly #max: number
  /** In the order of their resolution. */
  readonly #keys = new Set<string>()
  #evicted = false

  constructor(max: number) {
    this.#max = max
  }

  has(join: string, item: string): boolean {
    return this.#keys.has(keyOf(join, item))
  }

  /** @returns true when something is forgotten for the first time */
  add(join: string, item: string): boolean {
    this.#keys.add(keyOf(join, item))
    if (this.#keys.size <= this.#max) return false
    for (const oldest of this.#keys) {
      this.#keys.delete(oldest)
      break
    }
    const firstTime = !this.#evicted
    this.#evicted = true
    return firstTime
  }

  /** True once something was forgotten, so that not to be among these proves nothing. */
  get incomplete(): boolean {
    return this.#evicted
  }

  /** Oldest first. */
  list(): readonly (readonly [join: string, item: string])[] {
    return [...this.#keys].map((key) => JSON.parse(key) as [string, string])
  }

  /** As it was when it was listed. */
  restore(keys: readonly (readonly [join: string, item: string])[], incomplete: boolean): void {
    for (const [join, item] of keys) this.add(join, item)
    this.#evicted ||= incomplete
  }
}

function keyOf(join: string, item: string): string {
  return JSON.stringify([join, item])
}
