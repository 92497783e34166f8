import { got } from '../base/got.ts'
/** What is found under a key that holds nothing. */
export const ABSENT = Symbol('absent')

/** What became of one key. Values in it are copies that only the context holds. */
export type Change =
  | { readonly kind: 'set'; readonly value: unknown }
  | { readonly kind: 'delete' }
  | { readonly kind: 'append'; readonly items: readonly unknown[] }

/** Lists up to this length are copied rather than linked: reading a linked one costs more than such a copy. */
const COPIED_LENGTH_MAX = 64

/**
 * A list as it was at one moment. Later moments share its items, so that an append costs the same however long the list
 * is: the moment after the last one adds to them, and any other, as each of several branches is, links to what it was.
 */
export class SharedList {
  /** What comes before its own items. */
  readonly #below: SharedList | undefined
  readonly #items: unknown[]
  readonly length: number

  /** @param items this list's own from here on; only lists grown from this one may write to it */
  constructor(items: unknown[], below?: SharedList) {
    this.#items = items
    this.#below = below
    this.length = this.#start + items.length
  }

  /** The place of the first of its own items. */
  get #start(): number {
    return this.#below === undefined ? 0 : this.#below.length
  }

  plus(more: readonly unknown[]): SharedList {
    if (this.#start + this.#items.length > this.length) {
      if (this.length > COPIED_LENGTH_MAX) return new SharedList([...more], this)
      return new SharedList(this.read().slice()).plus(more)
    }
    for (const item of more) this.#items.push(item)
    return new SharedList(this.#items, this.#below)
  }

  /** The items from `start` on; shared with the context, for reading and copying only. */
  read(start = 0): readonly unknown[] {
    if (this.#below === undefined && start === 0 && this.#items.length === this.length) return this.#items
    return SharedList.#joined(this, start)
  }

  static #joined(list: SharedList, start: number): unknown[] {
    const parts: unknown[][] = []
    // Not by recursion: a list may have been linked thousands of times.
    for (let at: SharedList | undefined = list; at !== undefined && at.length > start; at = at.#below)
      parts.push(at.#items.slice(Math.max(0, start - at.#start), at.length - at.#start))
    // The first part is the only one that can have holes.
    const whole = parts.pop() ?? []
    for (const part of parts.toReversed()) for (const item of part) whole.push(item)
    return whole
  }
}

/**
 * Keys and values that never change: `with` gives new ones, and those that exist stay what they were. So a snapshot is
 * a reference. What changed lies as a layer above what was there; layers of about one size become one, so that there
 * are few of them, and a change among many keys costs little.
 */
export class ContextValues {
  static readonly EMPTY = new ContextValues(new Map(), undefined)

  readonly #layer: ReadonlyMap<string, unknown>
  readonly #below: ContextValues | undefined

  private constructor(layer: ReadonlyMap<string, unknown>, below: ContextValues | undefined) {
    this.#layer = layer
    this.#below = below
  }

  /** The value under the key, a list as a `SharedList`, or `ABSENT`. Shared with the context: for reading only. */
  find(key: string): unknown {
    const found = this.#layer.get(key)
    if (found !== undefined || this.#layer.has(key)) return found
    return this.#below === undefined ? ABSENT : this.#below.find(key)
  }

  /** The keys that hold something, in the order they were set. */
  keys(): Set<string> {
    const keys = this.#below?.keys() ?? new Set()
    for (const [key, value] of this.#layer) {
      if (value === ABSENT) keys.delete(key)
      else keys.add(key)
    }
    return keys
  }

  /** What these keys hold, and nothing else. */
  only(keys: Iterable<string>): ContextValues {
    const layer = new Map<string, unknown>()
    for (const key of keys) {
      const found = this.find(key)
      if (found !== ABSENT) layer.set(key, found)
    }
    return new ContextValues(layer, undefined)
  }

  /** @throws TypeError for an append to something that is not a list */
  with(changes: ReadonlyMap<string, Change>): ContextValues {
    const layer = new Map<string, unknown>()
    for (const [key, change] of changes) layer.set(key, this.#changed(key, change))
    return ContextValues.#above(layer, this)
  }

  #changed(key: string, change: Change): unknown {
    switch (change.kind) {
      case 'set':
        return isPlainList(change.value) ? new SharedList(change.value) : change.value
      case 'delete':
        return ABSENT
      case 'append':
        return listFrom(key, this.find(key)).plus(change.items)
    }
  }

  static #above(top: Map<string, unknown>, under: ContextValues): ContextValues {
    let layer = top
    let below: ContextValues | undefined = under
    while (below !== undefined && below.#layer.size <= Math.max(layer.size, LAYER_SIZE_MIN)) {
      const merged = new Map(below.#layer)
      for (const [key, value] of layer) merged.set(key, value)
      layer = merged
      below = below.#below
    }
    if (below === undefined) for (const [key, value] of layer) if (value === ABSENT) layer.delete(key)
    return new ContextValues(layer, below)
  }
}

/** Most contexts hold a few keys; one small map is read faster than two. */
const LAYER_SIZE_MIN = 8

/** What is found under a key as a reader knows it; shared with the context, for reading only. */
export function readable(found: unknown): unknown {
  if (found === ABSENT) return undefined
  return found instanceof SharedList ? found.read() : found
}

/** The list found under a key, to be appended to; a new one where there is nothing. */
export function listFrom(key: string, found: unknown): SharedList {
  if (found instanceof SharedList) return found
  if (found === ABSENT || found === undefined) return new SharedList([])
  // An instance of a subclass is shared with the steps, as every instance of a class is: it must not be written to.
  if (Array.isArray(found)) return new SharedList([...(found as unknown[])])
  throw notAList(key, found)
}

export function notAList(key: string, found: unknown): TypeError {
  return new TypeError(`Expected context key '${key}' to hold a list to append to, got ${got(found)}.`)
}

function isPlainList(value: unknown): value is unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype
}
