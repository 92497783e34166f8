/**
 * Most keys that are copied as a whole. With hundreds of them V8 looks for each key's place among the others, at 1 000
 * keys for longer than a step's own work; an object that begins without a prototype is a hash table from the start,
 * whose keys cost the same however many they are.
 */
const COPIED_KEYS_MAX = 128

/** Makes objects of what the parts of a node gave, by their keys. */
export class ByKey {
  readonly #keys: readonly string[]
  /** Every key. */
  readonly #whole: Readonly<Record<string, undefined>>

  constructor(parts: readonly { readonly key: string }[]) {
    this.#keys = parts.map(({ key }) => key)
    this.#whole = Object.fromEntries(this.#keys.map((key) => [key, undefined]))
  }

  /** @param count the first so many of the values; as many as there are keys when left out */
  of<T>(values: readonly (T | undefined)[], count: number = this.#keys.length): Record<string, T> {
    // A copy of one with every key: key by key, an object outgrows its place again and again.
    const copied = count === this.#keys.length && count <= COPIED_KEYS_MAX
    const byKey: Record<string, T | undefined> = copied
      ? { ...this.#whole }
      : (Object.create(null) as Record<string, T | undefined>)
    for (let index = 0; index < count; index++) {
      const key = this.#keys[index]
      if (key !== undefined) byKey[key] = values[index]
    }
    if (!copied) Object.setPrototypeOf(byKey, Object.prototype)
    return byKey as Record<string, T>
  }
}
