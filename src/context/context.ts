import { isolate } from './isolate.ts'

/**
 * The run's shared state as one attempt sees it. Writes stay in the attempt and reach the run only when the
 * attempt succeeds; what `get` returns may be written to freely, it is the attempt's own copy. Keep plain data in it:
 * instances of classes cannot be copied and are shared.
 */
export interface Context {
  get(key: string): unknown
  has(key: string): boolean
  set(key: string, value: unknown): void
  delete(key: string): void
  /** Adds to the list under `key`, starting one where there is none. Throws a TypeError if it holds something else. */
  append(key: string, item: unknown): void
  keys(): string[]
}

/** Marks a key as deleted in a view. */
const DELETED = Symbol('deleted')

/** The run's committed context. */
export class RunContext {
  #values: Map<string, unknown> | undefined

  constructor(initial: Readonly<Record<string, unknown>> | undefined) {
    if (initial !== undefined) this.#values = new Map(Object.entries(isolate(initial)))
  }

  /** A view whose writes nobody sees until they are committed. */
  view(): ContextView {
    return new ContextView((this.#values ??= new Map()))
  }

  /** A context of its own that starts with what is committed here. */
  fork(): RunContext {
    return new RunContext(this.snapshot())
  }

  /** The committed values; a copy nobody else holds. */
  snapshot(): Readonly<Record<string, unknown>> {
    return this.#values === undefined ? {} : isolate(Object.fromEntries(this.#values))
  }
}

/** Copy on write: an attempt that never writes costs nothing, one that reads an object copies just that. */
export class ContextView implements Context {
  readonly #base: Map<string, unknown>
  readonly #own = new Map<string, unknown>()

  constructor(base: Map<string, unknown>) {
    this.#base = base
  }

  get(key: string): unknown {
    if (this.#own.has(key)) {
      const own = this.#own.get(key)
      return own === DELETED ? undefined : own
    }
    const base = this.#base.get(key)
    const mine = isolate(base)
    // A primitive cannot be written through; an object may be, so the copy given out is the one that commits.
    if (mine !== base) this.#own.set(key, mine)
    return mine
  }

  has(key: string): boolean {
    return this.#own.has(key) ? this.#own.get(key) !== DELETED : this.#base.has(key)
  }

  set(key: string, value: unknown): void {
    this.#own.set(key, value)
  }

  delete(key: string): void {
    this.#own.set(key, DELETED)
  }

  append(key: string, item: unknown): void {
    const list = this.get(key)
    if (list === undefined) this.set(key, [item])
    else if (Array.isArray(list)) list.push(item)
    else throw new TypeError(`Expected context key '${key}' to hold a list to append to, got ${typeof list}.`)
  }

  keys(): string[] {
    const all = new Set([...this.#base.keys(), ...this.#own.keys()])
    return [...all].filter((key) => this.has(key))
  }

  /** Makes this view's writes the run's. What was set is copied, so later writes through old references stay out. */
  commit(): void {
    // Copied first: a value that cannot be copied fails the attempt, and then nothing of it may be left.
    const copies = [...this.#own].map(([key, value]) => [key, isolate(value)] as const)
    for (const [key, value] of copies) {
      if (value === DELETED) this.#base.delete(key)
      else this.#base.set(key, value)
    }
  }
}
