import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

const FAILURES_MAX = 3
const OPEN_MS = 30_000

/** Refuses calls after three failures in a row; after half a minute one call may find out whether all is well again. */
class Breaker {
  #failures = 0
  #openedAtMs = 0
  #probing = false

  async run<T>(call: () => Promise<T>): Promise<T> {
    const open = this.#failures >= FAILURES_MAX
    if (open && (this.#probing || Date.now() - this.#openedAtMs < OPEN_MS))
      throw new Error('The breaker is open.')
    this.#probing = open
    try {
      const answer = await call()
      this.#failures = 0
      return answer
    } catch (error) {
      this.#failures++
      this.#openedAtMs = Date.now()
      throw error
    } finally {
      this.#probing = false
    }
  }
}

/** Three callers one after the other, then three at once when the breaker may be tried again. */
export async function callThroughBreaker(_: null, ports: Ports): Promise<readonly string[]> {
  const ask = ports.fn('ask', async () => 'answer')
  const breaker = new Breaker()
  const call = (): Promise<string> => breaker.run(ask).catch((error: Error) => error.message)
  const answers = [await call(), await call(), await call(), await call()]
  await sleep(OPEN_MS)
  return [...answers, ...(await Promise.all([call(), call(), call()])), await call()]
}
