import pRetry from 'p-retry'
import type { Ports } from 'shakedown/harness'

interface Order {
  readonly id: number
}

/** Asks for a quote over a network that fails; p-retry, as published, does the retrying. */
export function quoteWithRetry(order: Order, ports: Ports): Promise<number> {
  const fetchQuote = ports.fn('quote', async (id: number): Promise<Quote> => ({
    items: [{ price: 10 * id }],
  }))
  return pRetry(
    async () => {
      const quote = await fetchQuote(order.id)
      return quote.items.reduce((sum, { price }) => sum + price, 0)
    },
    { retries: 3, minTimeout: 100, factor: 2, signal: ports.signal },
  )
}

interface Quote {
  readonly items: readonly { readonly price: number }[]
}
