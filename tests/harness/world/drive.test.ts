import { drive, type DriveEnd, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { trackWork } from '../../../harness/world/work/track.ts'

test('a loop of immediates without an end and without a timer is stuck in the end, and named', async () => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const state = { isOver: false }
  const loop = async (): Promise<void> => {
    while (!state.isOver) await new Promise((resolve) => setImmediate(resolve))
  }
  const end = await drive(world, loop, { limits: { realMs: 1 } })
  state.isOver = true
  untrack()
  expect(end).toEqual({ kind: 'stuck', pins: ['setImmediate'], realMs: 1 })
})

test('each time that real work holds has the whole real limit: two in a row may take longer together', async () => {
  const realMs = 500
  let end: DriveEnd
  let longestMs: number
  do {
    const world = new SimWorld()
    longestMs = 0
    const work = async (): Promise<void> => {
      for (let turn = 0; turn < 3; turn++) longestMs = Math.max(longestMs, await holdFor(world, 200))
    }
    const working = Promise.withResolvers<void>()
    end = await drive(world, () => work().then(working.resolve, working.reject), { limits: { realMs } })
    await working.promise
    // Where there is no free processor, one of them alone may take longer than the limit, which says nothing.
  } while (longestMs >= realMs)
  expect(end).toEqual({ kind: 'settled' })
})

/** Gives how long it was. */
async function holdFor(world: SimWorld, ms: number): Promise<number> {
  const sinceMs = performance.now()
  const release = world.pins.hold('real I/O')
  await new Promise((resolve) => setTimeout(resolve, ms))
  release()
  const heldMs = performance.now() - sinceMs
  // The loop is told of the release before the next one begins.
  await new Promise((resolve) => setImmediate(resolve))
  return heldMs
}
