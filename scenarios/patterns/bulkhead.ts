import type { Ports } from 'shakedown/harness'

/** Lets so many calls run and so many wait; the rest is turned away at once, before it costs anything. */
class Bulkhead {
  readonly #running: number
  readonly #waiting: number
  #busy = 0
  readonly #queue: (() => void)[] = []

  constructor(running: number, waiting: number) {
    this.#running = running
    this.#waiting = waiting
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#running) {
      if (this.#queue.length >= this.#waiting) throw new Error('Too many calls.')
      // The place is handed on, so it stays taken.
      await new Promise<void>((resolve) => this.#queue.push(resolve))
    } else {
      this.#busy++
    }
    try {
      return await call()
    } finally {
      const next = this.#queue.shift()
      if (next === undefined) this.#busy--
      else next()
    }
  }
}

/** Many callers at once, and one when they have gone. */
export async function callThroughBulkhead(callers: number, ports: Ports): Promise<Record<string, number>> {
  const query = ports.fn('query', async () => 'answered')
  const bulkhead = new Bulkhead(2, 3)
  const call = (): Promise<string> => bulkhead.run(query).catch((error: Error) => error.message)
  const answers = await Promise.all(Array.from({ length: callers }, call))
  answers.push(await call())
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1
  return counts
}
