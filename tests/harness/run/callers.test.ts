import { step } from 'shakedown'
import { type Expectation, fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { parseScenarios } from '../../../harness/scenario/file/load.ts'
import { problemsIn } from '../scenario/file/problems-in.ts'

/** One request for all that ask while it is under way, and for ever after; each caller may leave by itself. */
function singleFlight(sharesAbort = false) {
  let flight: Promise<string> | undefined
  return (_: unknown, ports: Ports): Promise<string> => {
    const load = ports.fn('load', (_signal?: AbortSignal) => ports.clock.sleep(100).then(() => 'loaded'))
    flight ??= sharesAbort ? load(ports.signal) : load()
    const { signal } = ports
    const over = new AbortController()
    const left = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal })
    })
    return Promise.race([flight, left]).finally(() => over.abort())
  }
}

const messages = async (built: Parameters<typeof runScenario>[0]): Promise<string[]> =>
  (await runScenario(built, { replay: false })).problems.map(({ message }) => message)

const flying = (sharesAbort?: boolean) =>
  scenario('one flight').subject(singleFlight(sharesAbort)).input(null)

test('callers at once each get an answer, in a list, and what holds is asked of all together', async () => {
  const verdict = await runScenario(
    flying()
      .callers(3)
      .expect({ output: ['loaded', 'loaded', 'loaded'], calls: { 'fn:load': 1 }, virtualMs: 100 }),
    { replay: false },
  )
  expect(verdict).toMatchObject({ problems: [], remarks: [], status: 'completed' })
})

test('one of them that leaves is cancelled, and the others are not', async () => {
  const leaving = (sharesAbort: boolean) =>
    flying(sharesAbort)
      .callers([{ abort: 50 }, { atMs: 20 }])
      .on('fn:load', fault.delay(100))
      .expect({ outputMatches: [{ error: { name: 'AbortError' } }, 'loaded'] })
  expect(await messages(leaving(false))).toEqual([])
  // The mutant gives the first caller's signal to the request that all wait for.
  expect(await messages(leaving(true))).toEqual([
    expect.stringContaining('Caller 2 of 2 was thrown AbortError'),
    expect.stringContaining('Expected outputMatches to be [{"error":{"name":"AbortError"}},"loaded"]'),
  ])
})

/** A breaker that opens after two failures and lets one probe through after 30 seconds. */
function breaker() {
  let failures = 0
  let openUntilMs = 0
  return async (input: string, ports: Ports): Promise<string> => {
    if (ports.clock.now() < openUntilMs) throw new Error('open')
    if (failures >= 2) ports.mark('probe')
    try {
      const answer = await ports.fn('ask', async (asked: string) => asked)(input)
      failures = 0
      return answer
    } catch (error) {
      failures += 1
      if (failures >= 2) openUntilMs = ports.clock.now() + 30_000
      throw error
    }
  }
}

const no = { error: { name: 'Error', message: 'no' } }
const open = { error: { name: 'Error', message: 'open' } }
const phased = scenario('a breaker')
  .subject(breaker())
  .input('a')
  .on('fn:ask', fault.times(2).reject('no').next.off())

test('phases come one after the other, and what the function keeps is kept between them', async () => {
  const verdict = await runScenario(
    phased.phases([{ callers: 2 }, { callers: [{ input: 'b' }] }, { waitMs: 30_000, input: 'c' }]).expect({
      output: [no, no, open, 'c'],
      calls: { 'fn:ask': { count: 3, inputs: ['a', 'a', 'c'], gapsMs: [0, 30_000] } },
      marks: { probe: 1 },
    }),
    { replay: false },
  )
  expect(verdict).toMatchObject({ problems: [], remarks: [], status: 'failed', virtualMs: 30_000 })
})

test('each caller that is thrown an error has to be said to be', async () => {
  const said = (expectation: Expectation) =>
    scenario('a breaker')
      .subject(breaker())
      .input('a')
      .on('fn:ask', fault.forever().reject('no'))
      .callers(2)
      .expect(expectation)
  expect(await messages(said({ calls: { 'fn:ask': 2 } }))).toEqual([
    'Caller 1 of 2 was thrown Error: no; say so in the list of `output` or `outputMatches`, `{ error: { … } }` in its place, or `expect: { status: failed, … }`, if it should be.',
  ])
  expect(await messages(said({ outputMatches: [{ error: {} }, {}] }))).toEqual([
    expect.stringContaining('Caller 2 of 2 was thrown'),
    expect.stringContaining('Expected outputMatches to be [{"error":{}},{}]'),
  ])
  expect(await messages(said({ outputMatches: [{ error: {} }, { error: { message: 'no' } }] }))).toEqual([])
  expect(await messages(said({ error: { message: 'no' } }))).toEqual([])
  expect(await messages(said({ status: 'failed', output: ['a', 'a'] }))).toEqual([
    'Expected output to be ["a","a"], got [{"error":{"name":"Error","message":"no"}},{"error":{"name":"Error","message":"no"}}].',
  ])
})

test('callers that are thrown the error of a fault have not swallowed it', async () => {
  const asks = scenario('asks')
    .subject((_: unknown, ports: Ports) => ports.fn('ask', async () => 'answer')())
    .on('fn:ask', fault.forever().reject('no'))
    .callers(2)
    .expect({ error: { message: 'no' } })
  expect(await runScenario(asks, { replay: false })).toMatchObject({ problems: [], remarks: [] })
})

/** Answers one caller with an error as data, and throws the same at the other. */
const telling = (expectation: Expectation) =>
  scenario('tells')
    .subject((input: string, ports: Ports) => {
      ports.fn('ask', () => 1)()
      if (input === 'throw') throw new RangeError('no')
      return { error: { name: 'RangeError', message: 'no' } }
    })
    .callers([{ input: 'return' }, { input: 'throw' }])
    .expect(expectation)

const failed = { error: { name: 'RangeError', message: 'no' } }

test('an error that was returned is told from one that was thrown', async () => {
  expect(await messages(telling({ output: [{ returned: failed }, failed] }))).toEqual([])
  expect(await messages(telling({ outputMatches: [{ returned: { error: {} } }, { error: {} }] }))).toEqual([])
  expect(await messages(telling({ output: [failed, failed] }))).toEqual([
    expect.stringContaining(
      'Caller 1 got this as a value; it was not thrown. Write `{ returned: { error: … } }`.',
    ),
  ])
  expect(await messages(telling({ outputMatches: [{ returned: failed }, { returned: failed }] }))).toEqual([
    expect.stringContaining('Caller 2 of 2 was thrown RangeError: no; say so'),
    expect.stringContaining('Caller 2 was thrown RangeError: no.'),
  ])
})

test('a call that begins while no caller waits is an orphan, between phases as after the last', async () => {
  const refreshing = scenario('refreshes')
    .subject(async (_: unknown, ports: Ports) => {
      const load = ports.fn('load', async () => {})
      ports.clock.setTimeout(() => void load(), 50).unref()
      await load()
    })
    .input(null)
    .phases([{}, { waitMs: 100 }])
  expect(await messages(refreshing)).toEqual([
    'Expected no call while no caller waited for the subject, from 0 ms on, got fn:load (call 2, at 50 ms). Stop what lost the race, or await it; say `background: true` if it is meant to go on.',
  ])
  expect(await messages(refreshing.background())).toEqual([])
  // The same call while another caller waits may be of that one.
  expect(await messages(flying().callers([{}, { atMs: 99 }]))).toEqual([])
})

test('one of several that has left must not wait any longer; one that was to leave and did not is told', async () => {
  const deaf = scenario('deaf')
    .subject(async (_: unknown, ports: Ports) => {
      await ports.fn('ask', async () => {})()
      await ports.clock.sleep(500)
    })
    .input(null)
    .callers([{ abort: 50 }, {}])
  expect(await messages(deaf)).toEqual([
    expect.stringContaining('Expected the subject to settle at 50 ms, as its caller left at 50 ms'),
  ])
  expect(await messages(deaf.callers([{}, { abort: 600 }]))).toEqual(
    [
      'The caller was to leave after 600 ms, but the subject had settled at 500 ms and that never came. Reached: fn:ask (2×).',
    ].map((message) => expect.stringContaining(message.slice(0, 60))),
  )
})

test('a replay has the same trace only when every caller ends the same way', async () => {
  const verdict = await runScenario(
    scenario('repeats')
      .subject(() => singleFlight())
      .input(null)
      .callers(2)
      .expect({ status: 'completed' }),
  )
  expect(verdict.problems).toMatchObject([{ code: 'E_VACUOUS' }])
  // The breaker's state outlives the first execution.
  const kept = await runScenario(
    scenario('a breaker')
      .subject(breaker())
      .input('a')
      .on('fn:ask', fault.forever().reject('no'))
      .callers(2)
      .repeatable()
      .expect({ status: 'failed', error: { message: 'no' } }),
  )
  expect(kept.problems).toMatchObject([{ oracle: 'same-digest' }])
})

test('a pipeline has one caller', async () => {
  const draft = scenario('draft')
    .subject(step('draft', () => 1))
    .callers(2)
  expect(await messages(draft)).toEqual([
    'Expected the subject to be a function, because the scenario has `callers`; got a pipeline. Run it in a function: `(input, ports) => createEngine({ world: ports.world }).run(pipeline, input)`.',
  ])
})

test.for<[yaml: string, message: string]>([
  ['callers: 0', 'a whole number from 1'],
  ['callers: []', 'a list of 1 to 1000 callers'],
  ['callers: [{ at: 5 }]', 'Unknown key `at`'],
  ['phases: []', 'a list of 1 to 100 phases'],
  ['callers: 2\nphases: [{}]', 'left out where there are `phases`'],
  ['callers: 2\nabort: 50', 'said of the one that leaves: `callers: [{ abort: 50 }]`'],
  ['crash: 5\nabort: 50', 'left out where there is a `crash`'],
  ['callers: [{ abort: { at: fm:save } }]', 'a.scenario.yaml:3:'],
  ['phases: [{ callers: [{ abort: { at: fm:save } }] }]', 'a.scenario.yaml:3:'],
  ['crash: { at: fm:save }', 'a.scenario.yaml:3:'],
])('what cannot be meant is refused: %s', ([yaml, message]) => {
  const parse = () =>
    parseScenarios(`name: a\nsubject: ./a.ts#a\n${yaml}\n`, '/p/a.scenario.yaml', { root: '/p' })
  expect(problemsIn(parse)).toEqual([expect.stringContaining(message)])
})

test('file and code make the same data', () => {
  const callers = [{ input: 1 }, { input: 2, atMs: 100, abort: { at: 'fn:save#2' } }]
  const phases = [{ callers: 5 }, { waitMs: 30_000, input: 'c', callers }]
  const text = `name: a\nsubject: ./a.ts#a\nphases: ${JSON.stringify(phases)}\n`
  const [loaded] = parseScenarios(text, '/p/a.scenario.yaml', { root: '/p' })
  expect(scenario('a').subject(singleFlight()).phases(phases).spec.phases).toEqual(loaded?.spec.phases)
})

test('a hundred callers that leave in the back-off are watched as one', async () => {
  const asking = scenario('asks')
    .subject(async (_: unknown, ports: Ports) => {
      for (let tries = 0; tries < 20; tries++)
        await ports
          .fn('ask', async () => {})()
          .catch(() => {})
    })
    .input(null)
    .on('fn:ask', 'inf*reject @1')
    .callers(Array.from({ length: 100 }, () => ({ abort: { during: 'backoff' } as const })))
    .limits({ jumps: 3_000 })
  const { problems } = await runScenario(asking, { replay: false })
  // Nobody ever waited between two calls.
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['E_VACUOUS']))
})
