import { ConfigurationError, createEngine, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

const add = (by: number) => step('add', (n: number) => n + by)

test('each node’s output is the next one’s input, and the history keeps every result', async () => {
  const { result } = await runInSim(
    pipeline(
      'sum',
      add(1),
      add(2),
      step('print', (n) => `=${n}`),
    ),
    1,
  )
  expect(result).toMatchObject({
    status: 'completed',
    output: '=4',
    attempts: 3,
    totals: { steps: 3, attempts: 3 },
  })
  expect(result.history.map(({ path, output }) => [path, output])).toEqual([
    ['sum/add', 2],
    ['sum/add#2', 4],
    ['sum/print', '=4'],
  ])
})

test('a pipeline stops at the first node that does not complete, for that node’s reasons', async () => {
  let reached = false
  const broken = step('broken', (): number => {
    throw new Error('out of ink')
  })
  const { result } = await runInSim(
    pipeline(
      'sum',
      add(1),
      broken,
      step('after', () => (reached = true)),
    ),
    1,
  )
  expect(result).toMatchObject({
    status: 'failed',
    output: undefined,
    feedback: 'out of ink',
    totals: { steps: 2 },
  })
  expect(reached).toBe(false)
  // What never ran is not there, not even without a value.
  expect(Object.keys(result.children)).toEqual(['add', 'broken'])
})

test.for<[what: string, size: number, ran: number]>([
  ['few', 3, 3],
  ['few, stopped before the end', 3, 2],
  ['hundreds', 300, 300],
  ['hundreds, stopped before the end', 300, 200],
])(
  'the results of %s nodes are a plain object, in their order, and the whole is their sum',
  async ([, size, ran]) => {
    const nodes = Array.from({ length: size }, (_, index) =>
      step(`n${index}`, (n: number, { meter }) => {
        if (index === ran - 1 && ran < size) throw new Error('no')
        meter({ costUsd: 0.5, tokens: 2 })
        return n + 1
      }),
    )
    const { result } = await runInSim(pipeline('many', nodes), 0)
    const { children } = result
    expect(Object.getPrototypeOf(children)).toBe(Object.prototype)
    expect(Object.keys(children)).toEqual(nodes.slice(0, ran).map(({ name }) => name))
    expect(children[`n${ran - 1}`]).toMatchObject({ path: `many/n${ran - 1}` })
    const paid = ran < size ? ran - 1 : ran
    expect(result).toMatchObject({ attempts: ran, usage: { costUsd: paid / 2, tokens: paid * 2 } })
  },
)

test('the totals count every step that ran, wherever it is', async () => {
  const broken = step('broken', (_: number): number => {
    throw new Error('no')
  })
  const inner = pipeline('inner', add(1), broken.fallback(add(2)), add(3))
  const { result, audit } = await runInSim(pipeline('outer', inner), 0)
  expect(result.totals).toMatchObject({ steps: 4, attempts: 4 })
  const rows = audit.trail(result.runId)?.stepRows.filter(({ node }) => node === 'step')
  expect(rows).toHaveLength(4)
  expect(await createEngine().run(inner, 0)).toMatchObject({ totals: { steps: 4 } })
})

test('pipelines nest, and paths say where', async () => {
  const { result, audit } = await runInSim(pipeline('outer', add(1), pipeline('inner', add(2), add(3))), 0)
  expect(result.output).toBe(6)
  expect(audit.records.flatMap((record) => (record.kind === 'attempt' ? [record.path] : []))).toEqual([
    'outer/add',
    'outer/inner/add',
    'outer/inner/add#2',
  ])
})

test('what earlier nodes committed to the context is there for later ones and in the result', async () => {
  const writer = step('writer', (n: number, ctx) => (ctx.context.append('seen', n), n + 1))
  const { result } = await runInSim(pipeline('p', writer, writer), 1)
  expect(result.context).toEqual({ seen: [1, 2] })
})

test('every token has one outcome, and the trail agrees with the result', async () => {
  const { result, audit } = await runInSim(pipeline('p', add(1)), 1)
  expect(audit.conservation()).toMatchObject({ ok: true, tokens: 1, outcomes: 1 })
  expect(audit.trail(result.runId)).toMatchObject({ status: 'completed', attempts: 1, pipeline: 'p' })
})

test('an empty pipeline and a thing that is no node are refused when it is built', () => {
  // @ts-expect-error a pipeline has at least one node
  expect(() => pipeline('empty')).toThrow(ConfigurationError)
  expect(() => pipeline('empty', [])).toThrow(ConfigurationError)
  expect(() => pipeline('p', { ...add(1) } as never)).toThrow(/got a copy or an imitation of one/)
})

test('the engine refuses to run what is no node', async () => {
  await expect(createEngine().run({ name: 'x' } as never, 1)).rejects.toThrow(ConfigurationError)
})

test('nodes and engines cannot be patched', () => {
  const engine = createEngine()
  for (const whole of [add(1), engine, Object.getPrototypeOf(engine) as object])
    expect(() => Object.assign(whole, { run: () => 0 })).toThrow(TypeError)
})
