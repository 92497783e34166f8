/** Whether a function answers at once or with a promise. */
type Nature = 'at once' | 'promise'

/** What every `async` function is made of. */
const asyncPrototype: unknown = Object.getPrototypeOf(async () => {})

/**
 * Which of the functions that a subject wrapped give no promise. Nobody waits for those, so that a fault has to throw, or to
 * give a value, too. A function tells by being `async`, its subject may say so, and every call tells for the next one.
 */
export class SyncKnowledge {
  /** Those faulted with a promise before anything was known of them. */
  #guessed: Set<string> | undefined
  readonly #known: Map<string, Nature>

  constructor(learnt?: SyncKnowledge) {
    this.#known = new Map(learnt === undefined ? undefined : learnt.#known)
  }

  /** Notes what a function says of itself. */
  wrapped(name: string, real: object, sync: boolean | undefined): void {
    if (sync !== undefined) this.#known.set(name, sync ? 'at once' : 'promise')
    else if (Object.getPrototypeOf(real) === asyncPrototype) this.#known.set(name, 'promise')
  }

  /** Notes what a call gave. A function that has ever given a promise has callers who wait. */
  returned(name: string, isPromise: boolean): void {
    if (this.#known.get(name) !== 'promise') this.#known.set(name, isPromise ? 'promise' : 'at once')
  }

  isAtOnce(name: string): boolean {
    const nature = this.#known.get(name)
    if (nature === undefined) (this.#guessed ??= new Set()).add(name)
    return nature === 'at once'
  }

  /** A guess has turned out to be wrong: what came of it is no verdict on the subject. */
  get guessedWrong(): boolean {
    return (
      this.#guessed !== undefined && [...this.#guessed].some((name) => this.#known.get(name) === 'at once')
    )
  }
}
