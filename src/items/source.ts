/** What a source gave: an item, its end, or an error; or nobody waits for it any more. */
export type Pulled =
  | { readonly kind: 'item'; readonly value: unknown }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly thrown: unknown }
  | { readonly kind: 'left' }

/**
 * A source of items, pulled one at a time and only when there is room for one. Items of an `Iterable` may be promises, as
 * `for await` has them.
 */
export class Source {
  readonly #iterator: AsyncIterator<unknown> | Iterator<unknown>
  #pulling = false
  #done = false
  #left: (() => void) | undefined

  /** @throws what the source throws when it is asked for its iterator */
  constructor(source: Iterable<unknown> | AsyncIterable<unknown>) {
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  }

  /** The next item. Never rejects. */
  pull(): Promise<Pulled> {
    if (this.#done) return Promise.resolve({ kind: 'end' })
    this.#pulling = true
    const left = new Promise<Pulled>((resolve) => {
      this.#left = () => resolve({ kind: 'left' })
    })
    return Promise.race([this.#next(), left])
  }

  /** Nobody wants more: what is being pulled is not waited for, and the source is told to close. */
  async close(): Promise<void> {
    this.#left?.()
    if (this.#done) return
    this.#done = true
    try {
      const closing = this.#iterator.return?.()
      // A generator that is at work closes only when it has given what it is at: nobody waits for that.
      if (this.#pulling) void Promise.resolve(closing).catch(ignored)
      else await closing
    } catch {
      // It was asked to close because of something that says more.
    }
  }

  async #next(): Promise<Pulled> {
    try {
      const { done, value } = await this.#iterator.next()
      if (done === true) {
        this.#done = true
        return { kind: 'end' }
      }
      return { kind: 'item', value: await value }
    } catch (thrown) {
      // One that has thrown is at its end, and is not closed.
      this.#done = true
      return { kind: 'error', thrown }
    } finally {
      this.#pulling = false
    }
  }
}

function ignored(): void {
  // It came too late for anybody.
}
