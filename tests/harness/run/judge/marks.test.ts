import { createEngine, pipeline, step } from 'shakedown'
import { type Expectation, fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Probes once, and falls back when that fails. */
async function ask(_: unknown, ports: Ports): Promise<string> {
  ports.mark('probe')
  try {
    return await ports.fn('ask', async () => 'answer')()
  } catch {
    ports.mark('fallback')
    return 'guess'
  }
}

const asking = scenario('asks').subject(ask).input(null)
const failing = asking.on('fn:ask', fault.reject('no'))

const judged = async (base: typeof asking, marks: NonNullable<Expectation['marks']>) => {
  const { problems, remarks } = await runScenario(base.expect({ output: { any: 1 }, marks }))
  return {
    problems: problems.flatMap(({ at, message }) => (at[1] === 'marks' ? [message] : [])),
    remarks: remarks.map(({ message }) => message),
  }
}

test('a function marks the places that it reaches, and the scenario counts them', async () => {
  expect(await judged(asking, { probe: 1, fallback: 0 })).toEqual({ problems: [], remarks: [] })
  expect(await judged(failing, { probe: { min: 1 }, fallback: 1 })).toEqual({ problems: [], remarks: [] })
  expect((await judged(failing, { fallback: 0 })).problems).toEqual([
    'Expected marks.fallback to be 0, got 1.',
  ])
  expect([...(await runScenario(failing)).marks]).toEqual([
    ['probe', 1],
    ['fallback', 1],
  ])
})

test('a mark that is never reached is told with the one that was meant', async () => {
  expect((await judged(failing, { falback: 1 })).problems).toEqual([
    'Expected marks.falback to be 1, got 0. Reached: probe (1×), fallback (1×). Did you mean `fallback`?',
  ])
  // Expected 0 times it holds, so it is no more than remarked.
  expect(await judged(failing, { falback: 0 })).toEqual({
    problems: [],
    remarks: ['The scenario counts the mark `falback`, which was never reached. Did you mean `fallback`?'],
  })
  // Named beside it, it was meant.
  expect((await judged(failing, { falback: 0, fallback: 1 })).remarks).toEqual([])
})

test('of a subject that reaches no mark at all, that is told', async () => {
  const silent = scenario('silent').subject((_: unknown, ports: Ports) => ports.fn('ask', () => 1)())
  expect((await judged(silent.input(null), { probe: 1 })).problems).toEqual([
    'Expected marks.probe to be 1, got 0. No mark was reached.',
  ])
})

test('so does a step of ours, in every attempt; without a scenario it does nothing', async () => {
  const draft = step(
    'draft',
    (topic: string, ctx) => {
      ctx.mark('drafting')
      if (ctx.attempt === 1) throw new Error('no ink')
      return `all about ${topic}`
    },
    { retries: 1 },
  )
  const drafting = scenario('drafts').subject(pipeline('article', draft)).input('tides')
  expect((await runScenario(drafting.expect({ marks: { drafting: 2 } }))).problems).toEqual([])
  expect((await runScenario(drafting.expect({ marks: { drafting: 1 } }))).problems).toHaveLength(1)
  expect((await createEngine().run(draft, 'tides')).output).toBe('all about tides')
})

test('two traces that differ only in their marks are not the same', async () => {
  let runs = 0
  const counting = scenario('counts')
    .subject((_: unknown, ports: Ports) => {
      ports.mark(`run ${++runs}`)
      ports.fn('save', () => {})()
    })
    .input(null)
    .repeatable()
  expect((await runScenario(counting)).problems).toMatchObject([{ oracle: 'same-digest' }])
})

test('`sometimes` of a scenario that runs alone is asked of it: nobody else will reach the mark', async () => {
  const alone = async (base: typeof asking) =>
    (await runScenario(base.expect({ output: { any: 1 }, sometimes: ['fallback'] }))).problems.flatMap(
      ({ at, message }) => (at[1] === 'sometimes' ? [message] : []),
    )
  expect(await alone(failing)).toEqual([])
  expect(await alone(asking)).toEqual([
    'Expected the mark `fallback` to be reached: `sometimes` is of a table or an exported list of scenarios, and this one ran alone. Reached: probe (1×).',
  ])
})
