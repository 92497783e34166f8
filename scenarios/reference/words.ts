import { pipeline, step } from 'shakedown'
import type { Ports } from 'shakedown/harness'

// Small subjects for the examples of the reference. Each does one thing that a key of a scenario speaks of.

/** Tries three times, 100 and 200 ms apart. */
export async function save(order: { id: number }, ports: Ports): Promise<object> {
  const write = ports.fn('save', async (saved: { id: number }) => ({ id: `order-${saved.id}`, lines: 1 }))
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(order)
    } catch (cause) {
      if (attempt === 3) throw new Error('gave up after 3 attempts', { cause })
      await ports.clock.sleep(100 * attempt)
    }
  }
}

/** Posts an order, once more when it is asked to wait. */
export async function post(order: { id: number }, ports: Ports): Promise<number> {
  const send = (): Promise<Response> =>
    ports.fetch('http://api.test/orders', {
      method: 'POST',
      headers: { 'idempotency-key': `order-${order.id}` },
    })
  const first = await send()
  if (first.status !== 503) return first.status
  await ports.clock.sleep(1000 * Number(first.headers.get('retry-after')))
  return (await send()).status
}

/** Saves two at a time. */
export async function saveAll(ids: readonly number[], ports: Ports): Promise<void> {
  const write = ports.fn('save', async (_id: number) => {})
  for (let at = 0; at < ids.length; at += 2) await Promise.all(ids.slice(at, at + 2).map((id) => write(id)))
}

/** Asks twice, and takes the first answer. */
export async function hedge(_: unknown, ports: Ports): Promise<string> {
  const losers = new AbortController()
  const ask = ports.fn(
    'ask',
    async (server: string, _options: { signal: AbortSignal }) => `answer of ${server}`,
  )
  const answer = await Promise.race(['one', 'two'].map((server) => ask(server, { signal: losers.signal })))
  losers.abort()
  return answer
}

let failures = 0
let openUntilMs = 0

/** Opens after two failures; 30 seconds later one probe goes through. */
export async function breaker(input: string, ports: Ports): Promise<string> {
  if (ports.clock.now() < openUntilMs) throw new Error('open')
  if (failures > 0 && openUntilMs > 0) ports.mark('probe')
  try {
    const answer = await ports.fn('ask', async (asked: string) => `answer to ${asked}`)(input)
    failures = 0
    openUntilMs = 0
    return answer
  } catch (error) {
    failures += 1
    if (failures >= 2) openUntilMs = ports.clock.now() + 30_000
    throw error
  }
}

/** Has an answer whatever happens. */
export async function guess(_: unknown, ports: Ports): Promise<string> {
  try {
    return await ports.fn('ask', async () => 'answer')()
  } catch {
    ports.mark('guess')
    return 'guess'
  }
}

/** Each caller waits until the work is done, or until it leaves. */
export async function wait(_: unknown, ports: Ports): Promise<string> {
  await ports.fn('ask', async () => {})()
  await ports.clock.sleep(100, ports.signal)
  return 'done'
}

/** What is to be sent is stored first and forgotten last: a crash may send it twice, and never loses it. */
export async function outbox(order: string, ports: Ports): Promise<string> {
  await ports.store.set('outbox', order)
  await ports.fn('send', async (_order: string) => {})(order)
  ports.mark('sent')
  await ports.store.delete('outbox')
  return 'sent'
}

/** Answers, and refreshes its cache afterwards. */
export function refresh(_: unknown, ports: Ports): string {
  const load = ports.fn('load', async () => Math.random())
  setTimeout(() => void load(), 50)
  return 'cached'
}

/** Asks with the client that Node brings. */
export async function askDirectly(_: unknown, _ports: Ports): Promise<unknown> {
  const response = await fetch('http://api.test/items')
  return response.json()
}

const draft = step('draft', async (topic: string, ctx) => {
  ctx.meter({ tokens: 12, costUsd: 0.01 })
  ctx.context.set('topic', topic)
  return `all about ${topic}`
})
const backup = step('backup', async (topic: string, ctx) => {
  ctx.mark('backup')
  return `${topic}, briefly`
})

export const draftOrBackup = draft.fallback(backup)

export const article = pipeline('article', draftOrBackup)
