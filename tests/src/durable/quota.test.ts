import { approval, createEngine, createQuota, memoryAudit, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'

const spend = (name: string) =>
  step(name, (_: unknown, ctx) => {
    ctx.meter({ costUsd: 0.6 })
    return name
  })
const node = pipeline(
  'p',
  spend('before'),
  approval('go on', { message: 'Go on?', schema: z.boolean() }),
  spend('after'),
)

test('what a run has spent before a pause counts against its limits after it, in another engine, too', async () => {
  const audit = memoryAudit()
  await createEngine({ audit }).run(node, 1, { runId: 'r', quota: { costUsd: 1 } })
  await expect(createEngine({ audit, pipelines: [node] }).resume('r', true)).rejects.toMatchObject({
    name: 'QuotaExceededError',
    message: 'Cost limit of $1 exceeded',
    result: { totals: { usage: { costUsd: 1.2 } } },
  })
  await createEngine({ audit }).run(node, 1, { runId: 'engine' })
  const limited = createEngine({ audit, pipelines: [node], quota: { costUsd: 1 } })
  await expect(limited.resume('engine', true)).rejects.toMatchObject({ name: 'QuotaExceededError' })
})

test('a pool that runs share is not told twice of what was spent before a pause', async () => {
  const quota = createQuota({ costUsd: 1.2 })
  const engine = createEngine({ audit: memoryAudit(), quota })
  await engine.run(node, 1, { runId: 'r' })
  await expect(engine.resume('r', true)).resolves.toMatchObject({ status: 'completed' })
})
