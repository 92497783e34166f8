import { createEngine, memoryAudit, type Node, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { temporaryFile } from '../audit/temporary-file.ts'
import { runInSim } from '../../support/in-sim.ts'

interface Job {
  id: number
}

const read = step('read', async (job: Job) => job.id)
const retried = step(
  'retried',
  async (job: Job, ctx) => {
    if (ctx.attempt === 1) throw new Error('503')
    return job.id
  },
  { retries: 1, backoff: { baseMs: 1 } },
)
const recovered = step('broken', async (_: Job): Promise<number> => {
  throw new Error('503')
}).fallback(read)

const nodes: readonly (readonly [string, Node<Job, number>])[] = [
  ['one attempt', read],
  ['a retry', retried],
  ['a fallback', recovered],
  ['a pipeline', pipeline('p', read)],
]

const stores = [
  ['no audit trail', () => undefined],
  ['an audit trail in memory', () => memoryAudit()],
  ['an audit file', () => temporaryFile()],
] as const

test.for(stores.flatMap(([store, open]) => nodes.map(([what, node]) => ({ store, open, what, node }))))(
  'an object that its caller goes on to change is what it was when the run started: $what, $store',
  async ({ open, node }) => {
    await using engine = createEngine({ audit: open() })
    const job = { id: 0 }
    const runs = []
    for (let id = 1; id <= 3; id++) {
      job.id = id
      runs.push(engine.run(node, job))
    }
    job.id = 4
    const results = await Promise.all(runs)
    expect(results.map(({ output }) => output)).toEqual([1, 2, 3])
    for (const { runId, output } of results) {
      const given = engine.audit?.trail(runId)?.attemptRows.map(({ input }) => input?.json) ?? []
      for (const json of given) expect(json).toBe(`{"id":${output}}`)
    }
  },
)

test('what a step keeps and changes after it returned it changes no retry, no fallback, no result and no trail', async () => {
  const kept: string[] = []
  const collect = step('collect', (text: string) => {
    kept.push(text)
    return kept
  })
  const seen: number[] = []
  const count = step(
    'count',
    (list: readonly string[]) => {
      seen.push(list.length)
      kept.push('more')
      throw new Error('503')
    },
    { retries: 1 },
  ).fallback(step('backup', (list: readonly string[]) => list.length))
  const { result, audit } = await runInSim(pipeline('p', collect, count), 'a')
  kept.push('after the run')
  expect(seen).toEqual([1, 1])
  expect(result.output).toBe(1)
  expect(result.history[0]?.output).toEqual(['a'])
  const attempts = audit.trail(result.runId)?.attemptRows ?? []
  expect(attempts.map((row) => [row.step, row.input?.json, row.output?.json])).toEqual([
    ['collect', '"a"', '["a"]'],
    ['count', '["a"]', undefined],
    ['count', '["a"]', undefined],
    ['backup', '["a"]', '1'],
  ])
})

test('the output of a run is the run’s own, also under a timeout and with a validator', async () => {
  const held: Job[] = []
  const make = step(
    'make',
    () => {
      const made = { id: 1 }
      held.push(made)
      return made
    },
    { timeoutMs: 10, validate: ({ id }) => id === 1 },
  )
  const { result } = await runInSim(make, undefined)
  for (const made of held) made.id = 2
  expect(held).toEqual([{ id: 2 }])
  expect(result.output).toEqual({ id: 1 })
})

const limits = [
  ['alone', {}],
  ['against a timeout', { timeoutMs: 1_000 }],
] as const

test.for(limits)('an output that is refused is on record, so that one can see why: %s', async ([, limit]) => {
  const write = step('write', () => ({ title: 'x' }), {
    ...limit,
    validate: ({ title }) => title.length > 1 || 'too short',
  })
  const { audit, result } = await runInSim(write, undefined)
  expect(result).toMatchObject({ status: 'failed', output: undefined, feedback: 'too short' })
  expect(audit.records).toContainEqual(
    expect.objectContaining({ kind: 'attempt', status: 'failed', output: { title: 'x' } }),
  )
})

test.for(limits)(
  'what is accepted is what was judged, whoever goes on to change it: %s',
  async ([, limit]) => {
    let change = (): void => {}
    const write = step(
      'write',
      () => {
        const draft = { words: 1 }
        change = () => void (draft.words = 666)
        return draft
      },
      {
        ...limit,
        validate: async (draft) => {
          const isRight = draft.words === 1
          change()
          await Promise.resolve()
          draft.words++
          return isRight
        },
      },
    )
    expect((await runInSim(write, undefined)).result.output).toEqual({ words: 1 })
  },
)
