import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

/** So many tokens at once, and one more every so often: what goes beyond waits. */
class TokenBucket {
  readonly #capacity: number
  readonly #everyMs: number
  #tokens: number
  #countedAtMs = Date.now()

  constructor(capacity: number, everyMs: number) {
    this.#capacity = capacity
    this.#everyMs = everyMs
    this.#tokens = capacity
  }

  async take(): Promise<void> {
    this.#refill()
    this.#tokens--
    if (this.#tokens < 0) await sleep(-this.#tokens * this.#everyMs)
  }

  /** What was saved up while nobody asked is cut to the capacity. */
  #refill(): void {
    const earned = Math.floor((Date.now() - this.#countedAtMs) / this.#everyMs)
    this.#tokens = Math.min(this.#capacity, this.#tokens + earned)
    this.#countedAtMs += earned * this.#everyMs
  }
}

/** Sends after a quiet time, all at once; the service takes two at once and two a second. */
export async function sendThroughBucket(requests: number, ports: Ports): Promise<number> {
  const send = ports.fn('send', async (request: number) => request)
  const bucket = new TokenBucket(2, 500)
  await sleep(60_000)
  const sent = Array.from({ length: requests }, async (_, request) => {
    await bucket.take()
    return send(request)
  })
  const results = await Promise.allSettled(sent)
  return results.filter(({ status }) => status === 'fulfilled').length
}
