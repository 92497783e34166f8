import { createEngine, createQuota, openSqliteAudit, pipeline, step, systemWorld } from 'shakedown'
import { expect, test } from 'vitest'
import { temporaryFile } from '../audit/temporary-file.ts'

const { clock } = systemWorld()

/** A run of 'A' that was interrupted in its second step. */
async function interrupted() {
  const file = temporaryFile()
  const audit = openSqliteAudit(file, { clock })
  const inside = Promise.withResolvers<void>()
  let isFirst = true
  const node = pipeline(
    'A',
    step('spend', ({ id }: { id: number }, ctx) => {
      ctx.meter({ costUsd: 0.6 })
      return id
    }),
    step('wait', (id: number, ctx) => {
      if (!isFirst) {
        ctx.meter({ costUsd: 0.6 })
        return `A of ${id}`
      }
      isFirst = false
      inside.resolve()
      return new Promise<string>(() => {})
    }),
  )
  void createEngine({ audit }).run(
    node,
    { id: 1 },
    { runId: 'r', durable: true, context: { language: 'en' } },
  )
  await inside.promise
  await audit.close()
  return { file, node }
}

const again = { runId: 'r', durable: true }

test('another pipeline, input or context under the id of an interrupted run is refused, and changes nothing', async () => {
  const { file, node } = await interrupted()
  await using engine = createEngine({ audit: file })
  const other = pipeline(
    'B',
    step('b', () => 'B'),
  )
  await expect(engine.run(other, undefined, again)).rejects.toMatchObject({
    name: 'ConfigurationError',
    message: expect.stringMatching(/pipeline 'A'.*run 'r'.*got 'B'/u),
  })
  await expect(engine.run(node, { id: 2 }, again)).rejects.toThrow(
    "Expected the input that the interrupted run 'r'",
  )
  await expect(engine.run(node, { id: 1 }, { ...again, context: { language: 'de' } })).rejects.toThrow(
    'Expected the context that',
  )
  await expect(engine.run(node, { id: 1 }, { ...again, context: { language: 'en' } })).resolves.toMatchObject(
    {
      output: 'A of 1',
      context: { language: 'en' },
    },
  )
})

test('limits and a pool given when a run is carried on by its id hold for what follows', async () => {
  for (const quota of [{ costUsd: 1 }, createQuota({ costUsd: 0.5 })]) {
    const { file, node } = await interrupted()
    await using engine = createEngine({ audit: file })
    await expect(engine.run(node, { id: 1 }, { ...again, quota })).rejects.toMatchObject({
      name: 'QuotaExceededError',
    })
  }
})
