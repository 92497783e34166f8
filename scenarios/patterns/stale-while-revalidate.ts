import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

const FRESH_MS = 1_000

/** Answers at once with what it has, fresh or stale, and refreshes what is stale behind the caller's back, once. */
class StaleWhileRevalidate<T> {
  readonly #load: () => Promise<T>
  #value: T | undefined
  #loadedAtMs = -Infinity
  #loading: Promise<T> | undefined

  constructor(load: () => Promise<T>) {
    this.#load = load
  }

  async get(): Promise<T> {
    if (this.#value === undefined) return this.#refresh()
    if (Date.now() - this.#loadedAtMs >= FRESH_MS) this.#refresh().catch(() => {})
    return this.#value
  }

  /** Whoever asks while it loads shares that; what fails leaves the old value in place. */
  #refresh(): Promise<T> {
    this.#loading ??= this.#load()
      .then((value) => {
        this.#loadedAtMs = Date.now()
        return (this.#value = value)
      })
      .finally(() => (this.#loading = undefined))
    return this.#loading
  }
}

/** Asks when there is nothing, while it is fresh, when it is stale (twice at once), and when that was refreshed. */
export async function readPrices(_: null, ports: Ports): Promise<readonly number[]> {
  let version = 0
  const cache = new StaleWhileRevalidate(ports.fn('load', async () => ++version))
  const first = await Promise.all([cache.get(), cache.get()])
  const fresh = await cache.get()
  await sleep(FRESH_MS)
  const stale = await Promise.all([cache.get(), cache.get()])
  await sleep(FRESH_MS / 2)
  return [...first, fresh, ...stale, await cache.get()]
}
