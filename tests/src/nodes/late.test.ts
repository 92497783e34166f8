import { createEngine, memoryAudit, step, type StepContext } from 'shakedown'
import { drain, drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

/** Gives up waiting after 50 ms of a function that settles after 500. */
const slow = (settle: () => unknown) =>
  step(
    'slow',
    async (_: undefined, ctx: StepContext) => {
      await new Promise<void>((resolve) => ctx.clock.after(500, 'late', resolve))
      return settle()
    },
    { timeoutMs: 50, retries: 1, backoff: { baseMs: 10 } },
  )

async function lateDetails(settle: () => unknown): Promise<unknown[]> {
  const { audit, result } = await runInSim(slow(settle), undefined)
  expect(result).toMatchObject({ status: 'failed', attempts: 2, error: { name: 'TimeoutError' } })
  return audit.records.flatMap((record) =>
    record.kind === 'event' ? [{ event: record.event, atMs: record.atMs, ...record.detail }] : [],
  )
}

test('what is returned late is on record without an error, once for each attempt', async () => {
  expect(await lateDetails(() => 'too late')).toEqual([
    { event: 'late', atMs: 500, step: 'slow', attempt: 1, settled: 'returned' },
    { event: 'late', atMs: 560, step: 'slow', attempt: 2, settled: 'returned' },
  ])
})

test.for<[string, unknown, string]>([
  ['an error', new Error('the disk is full'), 'the disk is full'],
  ['a text', 'no', 'no'],
  ['nothing', undefined, 'undefined'],
])('what is thrown late, %s, is on record with its text', async ([, thrown, text]) => {
  const details = await lateDetails(() => {
    throw thrown
  })
  expect(details).toMatchObject([
    { atMs: 500, attempt: 1, settled: 'threw', error: expect.stringContaining(text) },
    { atMs: 560, attempt: 2, settled: 'threw', error: expect.stringContaining(text) },
  ])
})

test('a function that settles when its audit trail is closed already disturbs no one', async () => {
  const world = new SimWorld()
  const audit = memoryAudit()
  const run = createEngine({ world, audit }).run(
    slow(() => 'too late'),
    undefined,
  )
  await drive(world, run)
  expect((await run).status).toBe('failed')
  await audit.close()
  await drain(world)
  expect([world.clock.monotonicMs(), world.uncaught]).toEqual([560, []])
})
