import { isThenable } from './boundary/boundaries.ts'
import { OwnEvents } from './boundary/port-events.ts'
import type { Ports } from '../scenario/ports.ts'

/** What the death of a process gives to those that wait for an answer of it. */
export const DEAD: unique symbol = Symbol('dead')

/** Nothing comes back to the dead. */
const never = new Promise<never>(() => {})

/**
 * One incarnation of a subject, as a process is one. When it dies, what it had called never comes back, its timers do not
 * fire, and what it still does is done to nobody. Its code cannot be stopped, so it is cut off at its ports.
 */
export class Life {
  /** Settles when it dies. */
  readonly death: Promise<typeof DEAD>
  #isDead = false
  #die: (dead: typeof DEAD) => void = () => {}

  constructor() {
    this.death = new Promise((resolve) => {
      this.#die = resolve
    })
  }

  die(): void {
    this.#isDead = true
    this.#die(DEAD)
  }

  /** The same ports, which are its own. */
  portsOf(ports: Ports): Ports {
    const { clock, store, world } = ports
    return Object.freeze<Ports>({
      fn: (name, real, options) => this.#own(ports.fn(name, real, options)),
      fetch: this.#own(ports.fetch),
      // A connection that never opens, so that the dead can go on with it.
      events: (name, source) => (this.#isDead ? new OwnEvents() : ports.events(name, source)),
      clock: Object.freeze({
        ...clock,
        sleep: this.#own((ms: number, signal?: AbortSignal) => clock.sleep(ms, signal)),
      }),
      get signal() {
        return ports.signal
      },
      store: Object.freeze({
        get: this.#own(store.get),
        set: this.#own(store.set),
        delete: this.#own(store.delete),
      }),
      mark: this.#own(ports.mark),
      random: ports.random,
      // An engine of its own calls out through it.
      world: Object.freeze(
        world.boundary === undefined ? world : { ...world, boundary: this.#own(world.boundary) },
      ),
    })
  }

  /** A function whose answers come back only while it lives; called afterwards, it does nothing. */
  #own<A extends readonly unknown[], R>(call: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      if (this.#isDead) return never as R
      const outcome = call(...args)
      return isThenable(outcome) ? (outcome.then(this.#heard, this.#failed) as R) : outcome
    }
  }

  readonly #heard = (value: unknown): unknown => (this.#isDead ? never : value)

  readonly #failed = (thrown: unknown): Promise<never> => {
    if (this.#isDead) return never
    throw thrown
  }
}
