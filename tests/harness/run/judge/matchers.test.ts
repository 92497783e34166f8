import { type Expectation, fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { EVENT_KINDS } from '../../../../src/run/kinds.ts'
import { parseScenarios } from '../../../../harness/scenario/file/load.ts'
import { problemsIn } from '../../scenario/file/problems-in.ts'

const ordering = scenario('orders')
  .subject(async (_: unknown, ports: Ports) => {
    await ports.fn('save', async () => {})()
    return { id: 'order-7f', total: 12.5, lines: [{ sku: 'a', at: 1 }], stats: { min: 1, contains: 'x' } }
  })
  .input(null)

test.for<NonNullable<Expectation['outputMatches']>>([
  { id: 'order-7f' },
  { id: { matches: '^order-[0-9a-f]+$' } },
  { id: { contains: ['order', '7'] }, total: { min: 10, max: 13 } },
  { lines: [{ sku: 'a' }] },
  { lines: [{ at: { max: 1 } }] },
  // What has these as keys is data.
  { stats: { min: 1, contains: 'x' } },
])('an output holds what was written, and may hold more: %j', async (outputMatches) => {
  expect((await runScenario(ordering.expect({ outputMatches }))).problems).toEqual([])
})

test.for<NonNullable<Expectation['outputMatches']>>([
  { id: 'order' },
  { id: { matches: '^[0-9]+$' } },
  { id: { contains: ['order', '8'] } },
  { id: { contains: [] } },
  { id: { contians: 'order' } },
  { id: { contains: 'order', matches: 'x' } },
  { id: {} },
  { total: { max: 12 } },
  { total: {} },
  { total: { min: '1' } },
  { total: { min: 1, mx: 13 } },
  { lines: [] },
  { lines: [{ sku: 'a' }, {}] },
  { stats: { min: 1, max: 3 } },
])('an output that does not hold it is a problem: %j', async (outputMatches) => {
  const { problems } = await runScenario(ordering.expect({ outputMatches }))
  expect(problems).toMatchObject([{ code: 'E_EXPECT', at: ['expect', 'outputMatches'] }])
})

test('a text as a whole is matched, too, and what did not match is shown without the rest', async () => {
  const text = scenario('text')
    .subject((_: unknown, ports: Ports) => ports.fn('draft', () => 'all about tides')())
    .input(null)
  expect((await runScenario(text.expect({ outputMatches: { contains: 'tides' } }))).problems).toEqual([])
  const { problems } = await runScenario(ordering.expect({ outputMatches: { total: 3 } }))
  expect(problems[0]?.message).toBe('Expected outputMatches to be {"total":3}, got {"total":12.5}.')
})

/** On this text the pattern tries the same letters without end. */
const endless = { pattern: '^(a+)+$', text: `${'a'.repeat(40)}b` }

test.for<[what: string, expect: Expectation]>([
  ['output', { outputMatches: { text: { matches: endless.pattern } } }],
  [
    'request',
    { calls: { 'http:POST /a': { inputs: [{ headers: { 'x-text': { matches: endless.pattern } } }] } } },
  ],
  ['header', { calls: { 'http:POST /a': { headers: { 'x-text': { matches: endless.pattern } } } } }],
  ['cause', { error: { causes: [{ message: { matches: endless.pattern } }] } }],
])('a pattern that takes too long says so wherever it is: %s', async ([what, expected]) => {
  const slow = scenario('slow')
    .subject(async (_: unknown, ports: Ports) => {
      const { text } = endless
      await ports.fetch(`http://api.test/a`, { method: 'POST', headers: { 'x-text': text } })
      if (what === 'cause') throw new Error('failed', { cause: new Error(text) })
      return { text }
    })
    .input(null)
    .on('http:POST /a', 'status(200)')
    .expect(what === 'cause' ? { ...expected, status: 'failed' } : expected)
  const { problems } = await runScenario(slow)
  expect(problems.map(({ message }) => message)).toEqual([
    // Only of a text itself is the length told.
    expect.stringMatching(
      /^Expected the pattern of .+ to be matched within 100 ms, got no answer from \S+ for [[{]/,
    ),
  ])
})

const failing = scenario('fails')
  .subject(async (_: unknown, ports: Ports) => {
    const save = ports.fn('save', async () => {})
    const errors = await Promise.all([save(), save()].map((call) => call.catch((error: unknown) => error)))
    throw new Error('gave up', { cause: new AggregateError(errors, 'both failed') })
  })
  .input(null)
  .on('fn:save', fault.reject('ECONNRESET').next.reject('no ink'))
  .expect({ status: 'failed' })

test('causes are looked for below the error, at any depth, those that it collects among them', async () => {
  const run = (error: NonNullable<Expectation['error']>) => runScenario(failing.expect({ error }))
  const causes = [{ code: 'ECONNRESET' }, { message: { contains: 'ink' } }, { name: 'AggregateError' }]
  expect((await run({ message: 'gave up', causes })).problems).toEqual([])
  expect((await run({ causes: [{ code: 'ETIMEDOUT' }] })).problems).toMatchObject([
    {
      at: ['expect', 'error', 'causes', '0'],
      message: expect.stringContaining('"message":"both failed"'),
    },
  ])
  // The error itself is not below itself, and one error has to meet all of one mapping.
  expect((await run({ causes: [{ message: 'gave up' }] })).problems).toHaveLength(1)
  expect((await run({ causes: [{ code: 'ECONNRESET', message: 'no ink' }] })).problems).toHaveLength(1)
})

const refusals = (expectation: string): string[] =>
  problemsIn(() =>
    parseScenarios(`name: a\nsubject: ./a.ts#a\nexpect: ${expectation}\n`, '/project/a.scenario.yaml', {
      root: '/project',
    }),
  )

test('a pattern inside of what an output holds is read with the scenario', () => {
  expect(refusals('{ outputMatches: { list: [{ id: { matches: "(" } }] } }')).toEqual([
    'Expected `expect.outputMatches.list.0.id.matches` in a.scenario.yaml:3:43 to be a regular expression, got "(".',
  ])
  expect(refusals('{ children: { primary: { output: { matches: "(" } } } }')).toHaveLength(1)
  expect(refusals('{ calls: { "http:/a": { inputs: [{ url: { matches: "(" } }] } } }')).toHaveLength(1)
  expect(refusals('{ calls: { "fn:a": { inputs: [{ matches: "(" }] } } }')).toEqual([])
  expect(refusals('{ outputMatches: { matches: { a: 1 }, id: { matches: "(", of: 2 } } }')).toEqual([])
  const cyclic: Record<string, unknown> = {}
  cyclic['one'] = cyclic['two'] = cyclic
  expect(() => ordering.expect({ outputMatches: cyclic as never })).toThrow('plain JSON data')
  expect(() => ordering.expect({ outputMatches: { id: { matches: '(' } } })).toThrow('a regular expression')
})

test.for<[written: string, keys: string]>([
  ['{ error: {} }', 'name, message, code, causes'],
  ['{ error: { causes: [{}] } }', 'name, message, code'],
  ['{ usage: {} }', 'costUsd, tokens'],
  ['{ audit: {} }', 'outcomes, events, attempts'],
  ['{ audit: { events: {} } }', EVENT_KINDS.join(', ')],
])('a mapping that anything would meet is refused: %s', ([written, keys]) => {
  expect(refusals(written)).toEqual([
    expect.stringMatching(
      `to be a mapping with at least one of ${keys} \\(an empty one holds for anything\\), got an object.$`,
    ),
  ])
})

test.for<[written: string, expected: string]>([
  ['{ calls: {} }', 'a mapping with at least one key (an empty one holds for anything)'],
  ['{ attempts: {} }', 'a mapping with at least one key'],
  ['{ outputMatches: {} }', 'an empty mapping holds for any mapping'],
  ['{ feedback: { contains: "" } }', 'text that is not empty'],
  ['{ calls: { "fn:a": {} } }', 'min, max or both'],
  ['{ calls: { "fn:a": { count: x } } }', '`expect.calls.fn:a.count`'],
  ['{ calls: { "fn:a": { inputs: twice } } }', 'same, distinct or a list'],
  ['{ calls: { "fn:a": { window: { ms: 0, max: 1 } } } }', 'a number above 0'],
])('so is what cannot be meant: %s', ([written, expected]) => {
  expect(refusals(written)).toEqual([expect.stringContaining(expected)])
})

test('a misspelt key of an expectation of calls is told with a suggestion', () => {
  expect(refusals('{ calls: { "fn:a": { inflight: { max: 2 } } } }')).toEqual([
    'Unknown key `inflight` in a.scenario.yaml:3:30. Did you mean `inFlight`?',
  ])
  expect(refusals('{ calls: { "fn:a": { mni: 2 } } }')).toEqual([
    'Unknown key `mni` in a.scenario.yaml:3:30. Did you mean `min`?',
  ])
})

test('headers are of requests only', () => {
  expect(refusals('{ calls: { "fn:a": { headers: { a: same } } } }')).toEqual([
    'Expected `headers` in a.scenario.yaml:3:30 to be of an `http:` point, as only requests have any; got `fn:a`.',
  ])
})
