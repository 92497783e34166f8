/** What is called when those that wait may go on, the first of them next. */
const waiting: (() => void)[] = []
let busy = false

/**
 * Runs one thing at a time: scenarios of one process share its rejection hook, nock and, some of them, its global
 * timers. They take microseconds; taking turns costs nothing.
 */
export async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  // The turn is handed on, never given back while others wait: so they come in the order they asked.
  if (busy) await new Promise<void>((resolve) => waiting.push(resolve))
  busy = true
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) busy = false
    else next()
  }
}
