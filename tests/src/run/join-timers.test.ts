import {
  bestEffort,
  createEngine,
  memoryAudit,
  parallel,
  quorum,
  step,
  systemWorld,
  type World,
} from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'

const after = (ms: number, name: string) => step(name, (_: string, ctx) => ctx.sleep(ms))

/** A world whose first timer of a join fires a little early by its clock, as those of machines do. */
function hastyWorld(): { readonly world: World; readonly sim: SimWorld; readonly fired: number[] } {
  const sim = new SimWorld()
  const fired: number[] = []
  const world: World = {
    random: sim.random,
    nextId: sim.nextId,
    clock: {
      monotonicMs: sim.clock.monotonicMs,
      wallMs: sim.clock.wallMs,
      afterTurn: sim.clock.afterTurn,
      after: (delayMs, point, callback) => {
        if (!point.startsWith('time limit')) return sim.clock.after(delayMs, point, callback)
        const early = fired.length === 0 ? 0.5 : 0
        fired.push(delayMs)
        return sim.clock.after(delayMs - early, point, callback)
      },
    },
  }
  return { world, sim, fired }
}

test('a timer that fires a little early does not let a join wait for ever', async () => {
  const { world, sim, fired } = hastyWorld()
  const node = parallel(
    'p',
    { a: after(10, 'a'), b: after(60_000, 'b') },
    { join: bestEffort({ timeoutMs: 100 }) },
  )
  const running = createEngine({ world }).run(node, 'tides')
  expect(await drive(sim, running)).toMatchObject({ kind: 'settled' })
  await drain(sim)
  expect(await running).toMatchObject({ status: 'completed', metadata: { missing: ['b'] } })
  expect(fired).toEqual([100, 0.5])
  expect(sim.clock.monotonicMs()).toBe(100)
})

test('a time limit is kept by the clock of a real machine, too', async () => {
  const audit = memoryAudit()
  const engine = createEngine({ world: systemWorld(), audit })
  const node = parallel(
    'p',
    { a: after(1, 'a'), b: after(60_000, 'b') },
    { join: quorum(2, { timeoutMs: 20 }) },
  )
  const { runId, status } = await engine.run(node, 'tides')
  expect(status).toBe('failed')
  const [join] = audit.trail(runId)?.joinRows ?? []
  expect(join).toMatchObject({ reason: 'quorum_not_met_at_timeout', timeoutMs: 20, missing: ['b'] })
})
