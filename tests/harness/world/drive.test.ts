import { drive, SimWorld } from 'shakedown/harness'
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
  const world = new SimWorld()
  const holdFor = async (ms: number): Promise<void> => {
    const release = world.pins.hold('real I/O')
    await new Promise((resolve) => setTimeout(resolve, ms))
    release()
    // The loop is told of the release before the next one begins.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const work = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await holdFor(200)
  }
  expect(await drive(world, work, { limits: { realMs: 500 } })).toEqual({ kind: 'settled' })
})
