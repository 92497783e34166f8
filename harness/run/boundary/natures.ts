/** Whether a function answers at once or with a promise. */
type Nature = 'at once' | 'promise'

/** What every `async` function is made of. */
const asyncPrototype: unknown = Object.getPrototypeOf(async () => {})

/**
 * What is known of the functions that a subject wrapped: a fault at one that gives no promise has to throw or to give a
 * value, too, as nobody there waits. Known from the function itself, from what its subject says of it, or from what an
 * earlier call gave.
 */
export class Natures {
  /** Those faulted with a promise before anything was known of them. */
  readonly guessed: Set<string> = new Set()
  readonly #known: Map<string, Nature>

  constructor(learnt?: Natures) {
    this.#known = new Map(learnt === undefined ? [] : learnt.#known)
  }

  /** Notes what a function says of itself. */
  wrapped(name: string, real: object, sync: boolean | undefined): void {
    if (sync !== undefined) this.#known.set(name, sync ? 'at once' : 'promise')
    else if (Object.getPrototypeOf(real) === asyncPrototype) this.#known.set(name, 'promise')
  }

  /** Notes what a call gave. A function that has ever given a promise has callers who wait. */
  gave(name: string, isPromise: boolean): void {
    if (this.#known.get(name) !== 'promise') this.#known.set(name, isPromise ? 'promise' : 'at once')
  }

  isAtOnce(name: string): boolean {
    const nature = this.#known.get(name)
    if (nature === undefined) this.guessed.add(name)
    return nature === 'at once'
  }

  /** A guess has turned out to be wrong: what came of it is no verdict on the subject. */
  get misjudged(): boolean {
    return [...this.guessed].some((name) => this.#known.get(name) === 'at once')
  }
}
