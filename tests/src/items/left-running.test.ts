import { ConfigurationError, createEngine, step } from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'

const double = step('double', (n: number) => n * 2)

test.for([
  ['what another item still does when one ends the run is waited for', 500, 500],
  ['at most half a minute', 90_000, 30_005],
] as const)('%s', async ([, worksMs, endedMs]) => {
  const world = new SimWorld()
  const node = step('work', async (n: number, ctx) => {
    if (n > 0) return new Promise<void>((resolve) => void ctx.clock.after(worksMs, 'work', resolve))
    await ctx.sleep(5)
    throw new ConfigurationError('no key')
  })
  let endedAtMs = 0
  const running = createEngine({ world }).runAll(node, [0, 1])
  const ended = running.catch(() => (endedAtMs = world.clock.monotonicMs()))
  await drive(world, ended)
  expect(endedAtMs).toBe(endedMs)
  await expect(running).rejects.toThrow('no key')
})

test('an abort is heard while items are worked on that never wait', async () => {
  const controller = new AbortController()
  setImmediate(() => controller.abort(new Error('enough')))
  const many = Array.from({ length: 100_000 }, (_, index) => index)
  const { status, totals } = await createEngine().runAll(double, many, {
    signal: controller.signal,
    keepResults: 0,
  })
  expect(status).toBe('cancelled')
  expect(totals.items).toBeLessThan(many.length)
})
