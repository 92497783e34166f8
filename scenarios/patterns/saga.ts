import { setTimeout as sleep } from 'node:timers/promises'
import type { Ports } from 'shakedown/harness'

/** One thing to do, and how to undo it. */
interface Part {
  readonly act: () => Promise<unknown>
  readonly undo: () => Promise<unknown>
}

/** Does all parts, or undoes those that were done, the last one first. */
async function saga(parts: readonly Part[]): Promise<void> {
  const done: Part[] = []
  try {
    for (const part of parts) {
      // Before the act: one that fails may have happened all the same.
      done.unshift(part)
      await part.act()
    }
  } catch (error) {
    for (const { undo } of done) await untilDone(undo)
    throw error
  }
}

/** To undo is not to be given up: half a booking is worse than a late one. */
async function untilDone(undo: () => Promise<unknown>): Promise<void> {
  for (let waitMs = 100; ; waitMs = Math.min(60_000, waitMs * 2)) {
    try {
      await undo()
      return
    } catch {
      await sleep(waitMs)
    }
  }
}

/** Books a trip: a flight, a hotel and a car, or nothing. */
export async function bookTrip(trip: string, ports: Ports): Promise<string> {
  const part = (name: string): Part => ({
    act: () => ports.fn(`book ${name}`, async () => trip)(),
    undo: () => ports.fn(`cancel ${name}`, async () => trip)(),
  })
  await saga([part('flight'), part('hotel'), part('car')])
  return `${trip} is booked`
}
