import { approval, createEngine, memoryAudit } from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'

test.for<[string, () => unknown, string]>([
  ['throws nothing', () => Promise.reject(undefined), 'its schema failed: undefined was thrown'],
  [
    'throws what cannot be read',
    () =>
      Promise.reject(
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('trap')
            },
          },
        ),
      ),
    'its schema failed: An object without a readable message was thrown',
  ],
  [
    'gives nothing',
    () => undefined,
    'its schema failed: Expected the schema to give { value } or { issues: […] }, got nothing.',
  ],
  [
    'gives neither',
    () => ({}),
    'its schema failed: Expected the schema to give { value } or { issues: […] }, got an object.',
  ],
  [
    'gives other issues',
    () => ({ issues: 5 }),
    'its schema failed: Expected the schema to give { value } or { issues: […] }, got an object.',
  ],
  ['gives no issue', () => ({ issues: [] }), 'it gives no reason.'],
  ['gives an issue that is none', () => ({ issues: [undefined] }), 'an issue that cannot be read'],
])('a schema that %s refuses the answer, and says which approval it is of', async ([, validate, why]) => {
  const schema = { '~standard': { version: 1, vendor: 'test', validate } } as never
  const engine = createEngine({ audit: memoryAudit() })
  await engine.run(approval('ask', { message: 'Well?', schema }), 1, { runId: 'r' })
  await expect(engine.resume('r', 1)).rejects.toMatchObject({
    name: 'ResumeError',
    code: 'E_ANSWER',
    message: `Expected an answer that approval 'ask' accepts: ${why}`,
    hint: 'The run is still paused, and nothing was changed.',
  })
  expect(engine.audit?.trail('r')?.status).toBe('paused')
})

test('a message may be made later', async () => {
  const node = approval('ask', { message: async (n: number) => `Is it ${n}?`, schema: z.boolean() })
  const result = await createEngine({ audit: memoryAudit() }).run(node, 7)
  expect(result.feedback).toBe("Waits for approval 'ask': Is it 7?")
})

test('preRun is called once in the life of a run, however often it is resumed', async () => {
  const calls: string[] = []
  const hooks = { preRun: () => calls.push('preRun'), postRun: () => calls.push('postRun') }
  const node = approval('ask', { message: 'Well?', schema: z.boolean() })
  const engine = createEngine({ audit: memoryAudit(), hooks })
  await engine.run(node, 1, { runId: 'r' })
  await engine.resume('r', true)
  expect(calls).toEqual(['preRun', 'postRun'])
})
