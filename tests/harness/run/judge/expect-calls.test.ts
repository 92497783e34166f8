import { step } from 'shakedown'
import { type CallsExpectation, fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Saves 1, 2 and 3 side by side, two at most at once, then 3 again; each takes 100 ms. */
async function saves(_: unknown, ports: Ports): Promise<void> {
  const save = ports.fn('save', (_n: number, _options?: object) => ports.clock.sleep(100))
  await Promise.all([save(1, { signal: ports.signal }), save(2)])
  await save(3)
  await ports.clock.sleep(50)
  await save(3, undefined)
}

const saving = scenario('saves').subject(saves).input(null)

/** What is wrong with a scenario that expects this of its calls of `save`. */
async function problemsOf(about: CallsExpectation): Promise<string[]> {
  const { problems } = await runScenario(saving.expect({ calls: { 'fn:save': about } }))
  return problems.map(({ message }) => message)
}

test.for<CallsExpectation>([
  { count: 4 },
  { count: { min: 1, max: 4 }, inFlight: 2 },
  { inputs: [1, 2, 3, 3] },
  { inputs: [[1], [2], 3, [3]] },
  { inFlight: { max: 2 } },
  { window: { ms: 100, max: 2 } },
  { window: { ms: 151, max: 3 } },
  { gapsMs: [0, 100, 150] },
  { gapsMs: [{ max: 0 }, { min: 50 }, 150] },
  { gapsMs: { max: 150 } },
  { aborted: 0 },
])('holds of the calls to a point: %j', async (about) => {
  expect(await problemsOf(about)).toEqual([])
})

test.for<[about: CallsExpectation, message: string]>([
  [{ count: 3 }, 'Expected calls.fn:save.count to be 3, got 4.'],
  [
    { inputs: [1, 2, 4, 3] },
    'Expected calls.fn:save.inputs to be [1,2,4,3], got [1,2,3,3]. fn:save (call 3, at 100 ms) got 3 instead of 4.',
  ],
  [
    { inputs: [1, 2, 3] },
    'Expected calls.fn:save.inputs to be [1,2,3], got [1,2,3,3]. It was called 4×, and 3 inputs are expected.',
  ],
  [
    { inputs: 'same' },
    'Expected calls.fn:save.inputs to be "same", got [1,2,3,3]. fn:save (call 1, at 0 ms) and fn:save (call 2, at 0 ms) got different values.',
  ],
  [
    { inputs: 'distinct' },
    'Expected calls.fn:save.inputs to be "distinct", got [1,2,3,3]. fn:save (call 3, at 100 ms) and fn:save (call 4, at 250 ms) got the same value.',
  ],
  [
    { inFlight: { max: 1 } },
    'Expected calls.fn:save.inFlight to be {"max":1}, got 2. Under way at once: fn:save (call 1, at 0 ms), fn:save (call 2, at 0 ms).',
  ],
  [
    { window: { ms: 101, max: 2 } },
    'Expected calls.fn:save.window to be {"ms":101,"max":2}, got 3. These began within 101 ms: fn:save (call 1, at 0 ms), fn:save (call 2, at 0 ms), fn:save (call 3, at 100 ms).',
  ],
  [
    { gapsMs: [0, 100, 100] },
    'Expected calls.fn:save.gapsMs to be [0,100,100], got [0,100,150]. 150 ms passed between fn:save (call 3, at 100 ms) and fn:save (call 4, at 250 ms).',
  ],
  [{ gapsMs: [0, 100] }, 'Expected calls.fn:save.gapsMs to be [0,100], got [0,100,150].'],
  [
    { gapsMs: { min: 50 } },
    'Expected calls.fn:save.gapsMs to be {"min":50}, got [0,100,150]. 0 ms passed between fn:save (call 1, at 0 ms) and fn:save (call 2, at 0 ms).',
  ],
  [{ aborted: 1 }, 'Expected calls.fn:save.aborted to be 1, got 0.'],
])('says which call broke it: %j', async ([about, message]) => {
  expect(await problemsOf(about)).toEqual([message])
})

test('of a point that is never called nothing holds but its count', async () => {
  const run = (about: CallsExpectation) => runScenario(saving.expect({ calls: { 'fn:svae': about } }))
  expect((await run({ inFlight: { max: 2 } })).problems.map(({ message }) => message)).toEqual([
    'Expected calls.fn:svae to be {"inFlight":{"max":2}}, got []. It was never called. Did you mean `fn:save`? Say `count: 0` if it must not be.',
  ])
  expect((await run({ count: { max: 3 } })).problems).toEqual([])
  const { problems } = await run({ count: { max: 3 }, inputs: 'same', gapsMs: [1, 2] })
  expect(problems.map(({ message, at }) => [at.join('.'), message])).toEqual([
    [
      'expect.calls.fn:svae',
      'Expected calls.fn:svae to be {"inputs":"same","gapsMs":[1,2]}, got []. It was never called. Did you mean `fn:save`? Say only `count` where it may not be called.',
    ],
  ])
})

const longText = 'a'.repeat(300)
const deep = (leaf: unknown): unknown => [[[[[[leaf]]]]]]

test.for<[what: string, inputs: readonly [unknown, unknown], are: 'same' | 'distinct']>([
  ['texts that differ after 300 letters', [`${longText}b`, `${longText}c`], 'distinct'],
  ['data that differs at a depth of six', [{ a: deep(1n) }, { a: deep(2n) }], 'distinct'],
  ['maps that differ in one entry', [new Map([[1, 2]]), new Map([[1, 3]])], 'distinct'],
  ['a number and the text of it', [1, '1'], 'distinct'],
  ['a property that is undefined, and none', [{ a: undefined }, {}], 'distinct'],
  ['equal long texts', [`${longText}b`, `${longText}b`], 'same'],
  [
    'equal keys in another order',
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    'same',
  ],
  ['equal dates', [new Date(7), new Date(7)], 'same'],
])('inputs are compared as a whole: %s', async ([, inputs, are]) => {
  const asked = scenario('two')
    .subject((_: unknown, ports: Ports) =>
      inputs.forEach((each) => ports.fn('save', (_value: unknown) => 1)(each)),
    )
    .input(null)
  const other = are === 'same' ? 'distinct' : 'same'
  const run = (expected: 'same' | 'distinct') =>
    runScenario(asked.expect({ calls: { 'fn:save': { inputs: expected } } }))
  expect((await run(are)).problems).toEqual([])
  expect((await run(other)).problems).toHaveLength(1)
})

test.for<[about: CallsExpectation, reason: string]>([
  [{ gapsMs: { min: 1 } }, 'It was called once, so there is no gap.'],
  [{ inputs: 'same' }, 'It was called once, so there is nothing to compare.'],
])('of a single call no comparison holds: %j', async ([about, reason]) => {
  const once = scenario('once')
    .subject((_: unknown, ports) => ports.fn('save', () => 1)())
    .input(null)
  const { problems } = await runScenario(once.expect({ calls: { 'fn:save': about } }))
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(reason)])
  expect((await runScenario(once.expect({ calls: { 'fn:save': { gapsMs: [] } } }))).problems).toEqual([])
})

test("a step's input is what it is, a list too", async () => {
  const sum = step('sum', (numbers: number[]) => numbers.length, { retries: 1, backoff: { baseMs: 7 } })
  const adding = scenario('sum').subject(sum).input([1, 2]).on('step:sum', 'reject -> off')
  const run = (about: CallsExpectation) => runScenario(adding.expect({ calls: { 'step:sum': about } }))
  const held = await run({
    inputs: [
      [1, 2],
      [1, 2],
    ],
    gapsMs: 7,
    inFlight: 1,
  })
  expect(held.problems).toEqual([])
  expect((await run({ inputs: [1, 2] })).problems).toHaveLength(1)
})

/** Posts an order until it is taken, each time with the key that `keyOf` gives. */
const posting = (keyOf: (attempt: number) => string) =>
  scenario('posts')
    .subject(async (_: unknown, ports) => {
      for (let attempt = 1; attempt <= 3; attempt++) {
        const headers = { 'Idempotency-Key': keyOf(attempt) }
        const response = await ports.fetch('http://api.test/orders?page=2', { method: 'POST', headers })
        if (response.ok) return
      }
    })
    .input(null)
    .on('http:POST /orders', fault.times(2).status(503).next.status(200))

test('headers of requests: the idempotency key of a retry is that of the first attempt', async () => {
  const about = (headers: NonNullable<CallsExpectation['headers']>) => ({
    calls: { 'http:POST /orders': { headers } },
  })
  const one = posting(() => 'key-7')
  const kept = about({ 'Idempotency-Key': 'same', authorization: null })
  expect((await runScenario(one.expect(kept))).problems).toEqual([])
  expect(
    (await runScenario(one.expect(about({ 'idempotency-key': { matches: '^key-' } })))).problems,
  ).toEqual([])
  const fresh = posting((attempt) => `key-${attempt}`)
  expect((await runScenario(fresh.expect(about({ 'idempotency-key': 'distinct' })))).problems).toEqual([])
  const messages = async (headers: NonNullable<CallsExpectation['headers']>) =>
    (await runScenario(fresh.expect(about(headers)))).problems.map(({ message }) => message)
  expect(await messages({ 'idempotency-key': 'same' })).toEqual([
    'Expected calls.http:POST /orders.headers.idempotency-key to be "same", got ["key-1","key-2","key-3"]. http:POST /orders (call 1, at 0 ms) and http:POST /orders (call 2, at 0 ms) got different values.',
  ])
  expect(await messages({ 'idempotency-key': 'key-1' })).toEqual([
    expect.stringContaining('http:POST /orders (call 2, at 0 ms) had "key-2".'),
  ])
  expect(await messages({ authorization: 'same' })).toEqual([
    expect.stringContaining('http:POST /orders (call 1, at 0 ms) had no such header.'),
  ])
  expect(await messages({ 'idempotency-key': null })).toEqual([
    expect.stringContaining('http:POST /orders (call 1, at 0 ms) had "key-1".'),
  ])
})

test('requests are told by their URL or by a part of them', async () => {
  const url = 'http://api.test/orders?page=2'
  const run = (inputs: NonNullable<CallsExpectation['inputs']>) =>
    runScenario(posting(() => 'k').expect({ calls: { 'http:POST /orders': { inputs } } }))
  expect((await run([url, { method: 'POST' }, { url: { contains: 'page=2' } }])).problems).toEqual([])
  expect((await run([url, url, 'http://api.test/orders'])).problems).toHaveLength(1)
})

test('a call counts as aborted when its signal aborted before it had settled', async () => {
  const hedged = scenario('hedged')
    .subject(async (_: unknown, ports) => {
      const losers = new AbortController()
      const ask = ports.fn('ask', async (name: string, _options: { signal: AbortSignal }) => name)
      const answers = ['first', 'second'].map((name) => ask(name, { signal: losers.signal }))
      const answer = await Promise.race(answers)
      losers.abort()
      return answer
    })
    .input(null)
    .on('fn:ask#1', 'hang')
  const run = (aborted: number) => runScenario(hedged.expect({ calls: { 'fn:ask': { aborted } } }))
  expect((await run(1)).problems).toEqual([])
  expect((await run(0)).problems.map(({ message }) => message)).toEqual([
    'Expected calls.fn:ask.aborted to be 0, got 1. Aborted: fn:ask (call 1, at 0 ms).',
  ])
})

test('what a header keeps secret is told in no message', async () => {
  let secret = 0
  const sends = scenario('sends')
    .subject(async (_: unknown, { fetch: send }: Ports) => {
      const headers = () => ({ authorization: `hunter2-${++secret}`, 'x-api-key': `hunter2-${secret}` })
      await send('http://api.test/orders', { headers: headers() })
      await send('http://api.test/orders', { headers: headers() })
    })
    .on('http:GET /orders', 'status(200)')
  for (const expected of ['same', { contains: 'hunter2-9' }, 'hunter2-9'] as const) {
    const about = { authorization: expected, 'x-api-key': expected }
    const { problems } = await runScenario(
      sends.expect({ calls: { 'http:GET /orders': { headers: about } } }),
    )
    expect(problems).toHaveLength(2)
    expect(JSON.stringify(problems)).not.toContain('hunter2')
    expect(problems[0]?.message).toContain('[redacted]')
  }
})

test('most are under way where most overlap, wherever that is: those that settled are not, those that hang are', async () => {
  const busy = scenario('busy')
    .subject(async (_: unknown, ports: Ports) => {
      const ask = ports.fn('ask', (_n: number) => ports.clock.sleep(10))
      await ask(1)
      await Promise.race([ask(2), ask(3)])
    })
    .input(null)
    .on('fn:ask#2', 'hang')
    .background()
  const run = (inFlight: number) =>
    runScenario(busy.expect({ calls: { 'fn:ask': { inFlight } } }), { replay: false })
  expect((await run(2)).problems).toEqual([])
  expect((await run(3)).problems.map(({ message }) => message)).toEqual([
    'Expected calls.fn:ask.inFlight to be 3, got 2. Under way at once: fn:ask (call 2, at 10 ms), fn:ask (call 3, at 10 ms).',
  ])
})

test('of windows that are equally full, the first is told', async () => {
  const bursts = scenario('bursts')
    .subject(async (_: unknown, ports: Ports) => {
      const ask = ports.fn('ask', async () => {})
      await Promise.all([ask(), ask()])
      await ports.clock.sleep(500)
      await Promise.all([ask(), ask()])
    })
    .input(null)
    .expect({ calls: { 'fn:ask': { window: { ms: 100, max: 1 } } } })
  expect((await runScenario(bursts)).problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('These began within 100 ms: fn:ask (call 1, at 0 ms), fn:ask (call 2, at 0 ms).'),
  ])
})
