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
