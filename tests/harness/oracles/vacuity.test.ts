import { step } from 'shakedown'
import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { vacuity } from '../../../harness/oracles/vacuity.ts'
import { call, chain, judge } from './evidence.ts'

const unfired = (text: string, reason = 'never-called') => ({ pattern: 'step:a', index: 0, text, reason })

test('vacuity: a scenario that reached a boundary point and whose faults fired proves something', () => {
  expect(judge(vacuity, { calls: [call('a', 1)], faultsUnfired: [] })).toEqual([])
})

test.for<[string, object]>([
  ['without a result', {}],
  ['that completed', { result: { error: null } }],
])('vacuity: an executor %s that called nothing did nothing', ([, end]) => {
  expect(judge(vacuity, { faultsUnfired: [], ...end })).toEqual([
    {
      code: 'E_VACUOUS',
      oracle: 'vacuity',
      at: ['subject'],
      message:
        'The executor never reached a boundary point, so the scenario proves nothing. No boundary point was reached: name steps, or wrap calls with ports.fn or ports.fetch.',
    },
  ])
})

test('vacuity: to refuse a chain that can never run is the work of the executor', () => {
  const result = { error: { code: 'E_FALLBACK_CHAIN' } }
  expect(judge(vacuity, { faultsUnfired: [], result })).toEqual([])
})

test('vacuity: each fault that never fired, and the points that were reached', () => {
  const points = ['step:a', 'step:b', 'step:a'].map((point) => ({ point }))
  const problems = judge(vacuity, { calls: points, faultsUnfired: [unfired('reject'), unfired('throw')] })
  expect(problems.map(({ message, at }) => [at, message])).toEqual([
    [
      ['faults', 'step:a'],
      'Fault `reject` at `step:a` never fired: no call came to it. Reached: step:a (2×), step:b (1×).',
    ],
    [
      ['faults', 'step:a'],
      'Fault `throw` at `step:a` never fired: no call came to it. Reached: step:a (2×), step:b (1×).',
    ],
  ])
})

test.for<[abort: unknown, when: string]>([
  [0, 'after 0 ms'],
  [{ at: 'step:a' }, 'at `step:a`'],
  [{ during: 'backoff' }, 'during a back-off'],
])('vacuity: a caller who was to leave, %j, and never did', ([abort, when]) => {
  const evidence = {
    calls: [{ point: 'step:a' }],
    faultsUnfired: [],
    virtualMs: 7,
    scenario: { spec: { abort } },
  }
  const message = `The caller was to leave ${when}, but the subject had settled at 7 ms and that never came.`
  expect(judge(vacuity, evidence)).toEqual([{ code: 'E_VACUOUS', oracle: 'vacuity', at: ['abort'], message }])
  expect(judge(vacuity, { ...evidence, departure: { atMs: 0 } })).toEqual([])
  // Of a subject that never settled something else is said.
  expect(judge(vacuity, { ...evidence, end: { kind: 'stalled' } })).toEqual([])
})

test.for<[string, object]>([
  ['a function', { thrown: { name: 'TypeError', message: 'x is not a function' } }],
  ['a pipeline', { result: { error: { code: 'E_STEP' } } }],
])('vacuity: %s that failed before its first call gets no advice on how to call out', ([, end]) => {
  const messages = (faultsUnfired: object[]): string[] =>
    judge(vacuity, { faultsUnfired, ...end }).map(({ message }) => message)
  expect(messages([])).toEqual([
    'The executor never reached a boundary point, so the scenario proves nothing.',
  ])
  expect(messages([unfired('reject')])).toEqual([
    'Fault `reject` at `step:a` never fired: no call came to it.',
  ])
})

test('vacuity: a function whose requests were not seen is told of `http: nock`', () => {
  const faultsUnfired = [{ ...unfired('reset'), pattern: 'http:GET /' }]
  const message = (evidence: object): string | undefined =>
    judge(vacuity, { faultsUnfired, ...evidence })[0]?.message
  const advice = 'A subject with a client of its own (fetch, axios) needs `http: nock`.'
  expect(message({})).toMatch(`ports.fetch. ${advice}`)
  expect(message({ calls: [{ point: 'fn:load' }] })).toMatch(advice)
  expect(message({ calls: [{ point: 'http:GET /other' }] })).not.toMatch('nock')
  expect(message({ scenario: { spec: { http: 'nock' } } })).not.toMatch('nock')
  expect(message({ node: chain })).not.toMatch('nock')
  expect(message({ faultsUnfired: [unfired('reset')] })).not.toMatch('nock')
})

const broken = async (): Promise<string> => {
  throw new Error('out of paper')
}

test.for([
  ['a function', (_: unknown, ports: Ports) => ports.fn('print', broken)(), 'fn:print'],
  ['a step', step('print', broken), 'step:print'],
] as const)('an answer is not lost where the real thing gave none: %s', async ([, subject, point]) => {
  for (const way of ['reset', 'hang'] as const) {
    const prints = scenario('prints')
      .subject<unknown>(subject)
      .on(point, fault.lose(way))
      .expect({ status: 'failed', error: { message: 'out of paper' } })
    const { problems, faultsFired } = await runScenario(prints)
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        `Fault \`lose(${way})\` at \`${point}\` acted on 1 call, but the real thing gave no answer by itself, so it had no effect.`,
      ),
    ])
    expect(faultsFired).toBe(0)
  }
})

test('one that answers the next time has lost an answer', async () => {
  let calls = 0
  const prints = scenario('prints')
    .subject(async (_: unknown, ports: Ports) => {
      const print = ports.fn('print', async () => {
        if (++calls % 2 === 1) throw new Error('busy')
        return 'paper'
      })
      const first = await print().catch(({ message }: Error) => message)
      return [first, await print().catch(({ code }: NodeJS.ErrnoException) => code ?? '')]
    })
    .on('fn:print', '2*lose(reset)')
    .expect({ output: ['busy', 'ECONNRESET'] })
  expect((await runScenario(prints)).problems).toEqual([])
})

test('a fault on calls of a timer that an earlier scenario left has met no call of this one, and the timer is remarked', async () => {
  let beat: NodeJS.Timeout | undefined
  let ask = async (): Promise<unknown> => undefined
  const beats = scenario('beats').subject(async (_: unknown, ports: Ports) => {
    beat = setInterval(() => void ask().catch(() => undefined), 5_000).unref()
    return ports.fn('begin', () => 1)()
  })
  const waits = scenario('waits')
    .subject(async (_: unknown, ports: Ports) => {
      ask = ports.fn('ask', async () => 'answer')
      await new Promise((resolve) => setTimeout(resolve, 6_000))
    })
    .on('fn:ask', 'reject(busy)')
  try {
    expect(await runScenario(beats, { replay: false })).toMatchObject({ problems: [] })
    const { problems, remarks } = await runScenario(waits, { replay: false })
    expect(problems.map(({ code }) => code)).toEqual(['E_VACUOUS'])
    expect(remarks).toContainEqual({
      code: 'E_LEFT_OVER',
      message: expect.stringContaining(
        'Timers that earlier scenarios left (setInterval of 5000 ms) fired while this one ran',
      ),
    })
  } finally {
    clearInterval(beat)
  }
})

test('an answer that never came is none that got lost', async () => {
  const waits = scenario('waits')
    .subject((_: unknown, ports: Ports) =>
      Promise.race([ports.fn('ask', () => new Promise(() => {}))(), ports.clock.sleep(100)]),
    )
    .on('fn:ask', 'lose(reset)')
  expect((await runScenario(waits)).problems).toMatchObject([{ code: 'E_VACUOUS' }])
})
