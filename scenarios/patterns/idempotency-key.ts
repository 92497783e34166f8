import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

/** Charges a card. The bank may have taken the money though its answer was lost, so each attempt says that it is the same charge. */
export async function charge(amount: number, ports: Ports): Promise<{ readonly taken: number }> {
  const taken = new Map<string, number>()
  const ask = ports.fn('bank', async (order: { key: string; amount: number }) => {
    // The bank's side: a key that it knows is the charge that it has made.
    taken.set(order.key, order.amount)
    return 'done'
  })
  const key = randomUUID()
  for (let attempt = 1; ; attempt++) {
    try {
      await ask({ key, amount })
      return { taken: [...taken.values()].reduce((sum, each) => sum + each, 0) }
    } catch (error) {
      if (attempt === 3) throw error
      await sleep(200 * attempt)
    }
  }
}
