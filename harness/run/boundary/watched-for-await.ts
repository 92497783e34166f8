import type { ObservedCall } from '../../scenario/observation.ts'

/** Whether somebody asks what becomes of a call. Its promise may be there before the call is. */
export class AwaitWatch {
  #call: ObservedCall | undefined
  #isAsked = false
  #isIdle = false

  /** The call is made, and no fault acts on it: there is nothing to watch. */
  get isIdle(): boolean {
    return this.#isIdle
  }

  /** The call is made. Where it has to wait for something first, somebody may have asked already. */
  made(call: ObservedCall | undefined): void {
    if (call?.action === undefined) {
      this.#isIdle = true
      return
    }
    this.#call = call
    call.heard = this.#isAsked
  }

  asked(): void {
    this.#isAsked = true
    if (this.#call !== undefined) this.#call.heard = true
  }
}

const watchOf = new WeakMap<object, AwaitWatch>()

/**
 * What `await`, `then`, `catch`, `finally` and `Promise.all` have in common: they ask a promise for its constructor. A
 * `then` of its own would not do, for `await` never calls it on a real promise.
 */
const HEARD: object = Object.create(Promise.prototype, {
  constructor: {
    get(this: object) {
      watchOf.get(this)?.asked()
      return Promise
    },
  },
})

/**
 * The same promise, which notes when somebody asks what becomes of it. Only for a call that a fault acts on: a fault that
 * nobody looks at has no effect, and proves nothing.
 *
 * `.catch(() => {})` asks as well: what a handler does with an error cannot be seen from here. A scenario that would pass
 * because of it is remarked as `E_SWALLOWED`.
 */
export function watchedForAwait<T>(outcome: T, call: ObservedCall | undefined): T {
  if (call?.action === undefined || !(outcome instanceof Promise)) return outcome
  const watch = new AwaitWatch()
  watch.made(call)
  return watched(outcome, watch) as T
}

/** The same for a call that may be made later. */
export function watched<T>(outcome: Promise<T>, watch: AwaitWatch): Promise<T> {
  if (watch.isIdle) return outcome
  watchOf.set(outcome, watch)
  return Object.setPrototypeOf(outcome, HEARD) as Promise<T>
}
