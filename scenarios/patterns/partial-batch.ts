import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

/** What the queue answers: it may have taken some of a batch. */
interface Receipt {
  readonly failed: readonly number[]
}

/** Sends a batch, and again what of it failed. An answer that is lost says nothing, so all of it is sent again. */
export async function sendBatch(
  messages: readonly number[],
  ports: Ports,
): Promise<{ lost: readonly number[] }> {
  const send = ports.fn('send', async (_: readonly number[]): Promise<Receipt> => ({ failed: [] }))
  let left = messages
  for (let attempt = 1; attempt <= 3 && left.length > 0; attempt++) {
    if (attempt > 1) await sleep(100 * attempt)
    const batch = left
    left = await send([...batch]).then(
      ({ failed }) => batch.filter((message) => failed.includes(message)),
      () => batch,
    )
  }
  return { lost: left }
}
