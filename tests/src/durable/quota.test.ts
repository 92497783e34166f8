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

test('a run that is resumed may be given limits, or a pool again, which a checkpoint cannot keep', async () => {
  const audit = memoryAudit()
  await createEngine({ audit }).run(node, 1, { runId: 'limits', quota: { costUsd: 1 } })
  const engine = createEngine({ audit, pipelines: [node] })
  const raised = await engine.resume('limits', true, { quota: { costUsd: 1.2 } })
  expect(raised).toMatchObject({ status: 'completed', totals: { usage: { costUsd: 1.2 } } })
  const pool = createQuota({ costUsd: 1 })
  await engine.run(node, 1, { runId: 'pool', quota: pool })
  await expect(engine.resume('pool', true, { quota: pool })).rejects.toMatchObject({
    message: 'Cost limit of $1 exceeded',
  })
  await engine.run(node, 1, { runId: 'wrong' })
  await expect(engine.resume('wrong', true, { quota: { costUsd: -1 } })).rejects.toThrow('`quota`')
})

test('streams after a pause are shown to who resumes the run, those before it not again', async () => {
  const says = (name: string) =>
    step(name, async function* (_: unknown) {
      yield `${name} 1`
      yield `${name} 2`
    })
  const talk = pipeline(
    'talk',
    says('before'),
    approval('go on', { message: 'Go on?', schema: z.boolean() }),
    says('after'),
  )
  const engine = createEngine({ audit: memoryAudit() })
  const seen: unknown[] = []
  const onChunk = ({ chunk }: { readonly chunk: unknown }): void => void seen.push(chunk)
  await engine.run(talk, 1, { runId: 'r', onChunk })
  await engine.resume('r', true, { onChunk })
  expect(seen).toEqual(['before 1', 'before 2', 'after 1', 'after 2'])
})
