import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

/** A retry costs ten tokens and each request earns one: retries are a tenth of the requests, and a little more at first. */
class RetryBudget {
  #tokens = 20

  earn(): void {
    this.#tokens = Math.min(100, this.#tokens + 1)
  }

  spend(): boolean {
    if (this.#tokens < 10) return false
    this.#tokens -= 10
    return true
  }
}

/** Fifty requests, each tried up to three times while there is a budget. */
export async function sendWithinBudget(requests: number, ports: Ports): Promise<number> {
  const send = ports.fn('send', async (request: number) => request)
  const budget = new RetryBudget()
  let delivered = 0
  for (let request = 0; request < requests; request++) {
    budget.earn()
    for (let attempt = 1; attempt <= 3; attempt++) {
      const sent = await send(request).then(
        () => true,
        () => false,
      )
      if (sent) delivered++
      if (sent || !budget.spend()) break
      await sleep(20)
    }
  }
  return delivered
}
