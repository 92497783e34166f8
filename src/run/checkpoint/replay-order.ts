import type { Clock } from '../../world/world.ts'

/**
 * Turns of the event loop that what is next may take to be asked for. It is asked for within one, unless its way leads
 * through a wait; then the others are not kept from going on.
 */
const IDLE_TURNS_MAX = 100

/**
 * Gives what a run came to before in the order in which it came to it: so branches arrive at a join in the order in
 * which they arrived there the first time, and what has not been done yet starts after that.
 *
 * One at a time, with a turn of the event loop between two: whatever follows from one has happened when the next is
 * given.
 */
export class ReplayOrder {
  readonly #keys: readonly string[]
  readonly #clock: Pick<Clock, 'afterTurn'>
  readonly #asked = new Map<string, () => void>()
  readonly #atEnd: (() => void)[] = []
  #next = 0
  #idleTurns = 0
  #scheduled = false

  /** @param keys in the order in which they were saved */
  constructor(keys: readonly string[], clock: Pick<Clock, 'afterTurn'>) {
    this.#keys = keys
    this.#clock = clock
  }

  /** Resolves when it is the turn of this key. */
  turnOf(key: string): Promise<void> | undefined {
    if (this.over) return undefined
    return new Promise((resolve) => {
      this.#asked.set(key, resolve)
      this.#schedule()
    })
  }

  /** Resolves when everything has been given. */
  end(): Promise<void> | undefined {
    if (this.over) return undefined
    return new Promise((resolve) => {
      this.#atEnd.push(resolve)
      this.#schedule()
    })
  }

  get over(): boolean {
    return this.#next >= this.#keys.length
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#clock.afterTurn(this.#turn)
  }

  readonly #turn = (): void => {
    this.#scheduled = false
    const key = this.#keys[this.#next] ?? ''
    const give = this.#asked.get(key)
    if (give !== undefined) {
      this.#asked.delete(key)
      this.#next++
      this.#idleTurns = 0
      give()
    } else if (++this.#idleTurns > IDLE_TURNS_MAX) {
      this.#next = this.#keys.length
    }
    if (!this.over) {
      if (this.#asked.size > 0 || this.#atEnd.length > 0) this.#schedule()
      return
    }
    const waiting = [...this.#asked.values(), ...this.#atEnd]
    this.#asked.clear()
    this.#atEnd.length = 0
    // After what follows from the last one.
    this.#clock.afterTurn(() => {
      for (const resolve of waiting) resolve()
    })
  }
}
