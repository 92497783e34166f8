import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { noAttemptAfterOutcome } from '../../../harness/oracles/no-attempt-after-outcome.ts'
import { oracles } from '../../../harness/oracles/index.ts'
import { noFallbackAfterSuccess } from '../../../harness/oracles/no-fallback-after-success.ts'
import { noUnhandledRejection } from '../../../harness/oracles/no-unhandled-rejection.ts'
import { oneOutcome } from '../../../harness/oracles/one-outcome.ts'
import { originalInput } from '../../../harness/oracles/original-input.ts'
import { usageAddsUp } from '../../../harness/oracles/usage-adds-up.ts'
import { attemptsAddUp } from '../../../harness/oracles/attempts-add-up.ts'
import { withinPolicy } from '../../../harness/oracles/within-policy.ts'
import { attempt, call, chain, ended, judge, outcome, token } from './evidence.ts'

test.for<[string, object[], string | undefined, number]>([
  ['one', [token, outcome()], undefined, 1],
  ['none', [token], 'Expected token t1 to have exactly one terminal outcome, got none.', 0],
  [
    'two',
    [token, outcome(), outcome('failed')],
    'Expected token t1 to have exactly one terminal outcome, got completed and failed.',
    2,
  ],
  [
    'two without a token',
    [outcome(), outcome()],
    'Expected token t1 to have exactly one terminal outcome, got completed and completed.',
    2,
  ],
])('one-outcome: a token with %s', ([, records, message, actual]) => {
  const problems = judge(oneOutcome, { records })
  expect(problems).toEqual(
    message === undefined
      ? []
      : [{ code: 'E_ORACLE', oracle: 'one-outcome', at: [], message, expected: 1, actual }],
  )
})

test('one-outcome: a paused run owes its tokens none yet, and never two', () => {
  const paused = { result: { status: 'paused' } }
  expect(judge(oneOutcome, { records: [token], ...paused })).toEqual([])
  expect(judge(oneOutcome, { records: [token, outcome(), outcome()], ...paused })).toHaveLength(1)
})

test('one-outcome: a run that never ended owes none, and each token is counted by itself', () => {
  expect(judge(oneOutcome, { records: [token], end: { kind: 'stalled' } })).toEqual([])
  const second = { ...token, tokenId: 't2' }
  const problems = judge(oneOutcome, { records: [token, second, outcome(), { kind: 'event' }] })
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('token t2')])
})

test('no-attempt-after-outcome: only an attempt that comes after its own token’s outcome', () => {
  const fine = [token, attempt('a', 1), outcome('failed'), attempt('a', 1, { tokenId: 't2' })]
  expect(judge(noAttemptAfterOutcome, { records: fine })).toEqual([])
  expect(judge(noAttemptAfterOutcome, { records: [...fine, attempt('a', 2)] })).toMatchObject([
    {
      oracle: 'no-attempt-after-outcome',
      message: 'Attempt 2 of a was made after its token had ended as failed.',
    },
  ])
})

test('no-fallback-after-success: only a fallback that was called beside a primary that completed', () => {
  const message = 'Fallback a/p/b was called although its primary a/a had completed.'
  const calls = [call('a/a', 1), call('a/p/b', 1)]
  const judged = (records: object[], made: object[] = calls) =>
    judge(noFallbackAfterSuccess, { node: chain, records, calls: made })
  expect(judged([ended('a/a', 'completed')])).toEqual([
    { code: 'E_ORACLE', oracle: 'no-fallback-after-success', message, at: [] },
  ])
  expect(judged([ended('a/a', 'failed'), ended('a/p/b', 'completed')])).toEqual([])
  expect(judged([ended('a/a', 'completed')], [call('a/a', 1)])).toEqual([])
  expect(judged([{ ...ended('a/a', 'completed'), tokenId: 't2' }])).toEqual([])
  expect(judged([{ ...ended('a/a', 'completed'), kind: 'event' }])).toEqual([])
  const firstRound = [ended('a/a', 'failed'), attempt('a/p/b', 1), ended('a', 'completed')]
  const secondRound = { ...ended('a/a', 'completed'), visit: 2 }
  expect(judged([...firstRound, secondRound])).toEqual([])
  expect(judged([attempt('a/p/b', 1), ended('a/a', 'completed')])).toMatchObject([{ message }])
  expect(judge(noFallbackAfterSuccess, { records: [ended('a/a', 'completed')], calls })).toEqual([])
})

test('original-input: retries and the first step of a fallback get what the first attempt got', () => {
  const judged = (...calls: object[]) => judge(originalInput, { node: chain, calls })
  expect(judged(call('a/a', { n: 1 }), call('a/a', { n: 1 }), call('a/p/b', { n: 1 }))).toEqual([])
  expect(judged(call('a/a', { n: 1 }), call('a/a', { n: 2 }))).toEqual([
    {
      code: 'E_ORACLE',
      oracle: 'original-input',
      at: [],
      expected: { n: 1 },
      actual: { n: 2 },
      message: 'Expected attempt 2 of a/a to get the original input of a/a, got something else.',
    },
  ])
  expect(judged(call('a/a', { n: 1 }), call('a/p/b', { n: 2 }))).toMatchObject([
    {
      message: 'Expected fallback a/p/b to get the original input of a/a, got something else.',
      expected: { n: 1 },
      actual: { n: 2 },
    },
  ])
  expect(judged(call('a/a', 1), { ...call('a/p/b', 2), tokenId: 't2' })).toEqual([])
  expect(judged(call('a/p/b', 2))).toEqual([])
  // What comes after the first step of a fallback gets the output of that.
  expect(judged(call('a/a', 1), call('a/p/b', 1), call('a/p/c', 2))).toEqual([])
})

test('an oracle judges any subject, our engine alone, or functions alone', () => {
  expect(Object.fromEntries(oracles.map(({ name, judges }) => [name, judges]))).toEqual({
    vacuity: 'any',
    'one-outcome': 'engine',
    'one-record': 'engine',
    'no-attempt-after-outcome': 'engine',
    'no-fallback-after-success': 'engine',
    'original-input': 'engine',
    'attempts-add-up': 'engine',
    'within-policy': 'engine',
    'retry-delay': 'engine',
    'retry-judgement': 'engine',
    'breaker-edges': 'engine',
    'no-orphans': 'any',
    'late-loser': 'any',
    'no-unhandled-rejection': 'any',
    'root-cause': 'engine',
    'valid-output': 'engine',
    'usage-adds-up': 'engine',
    'heeds-abort': 'any',
    'branches-end': 'engine',
  })
})

test('original-input: each use of a fallback node by itself, whichever tokens it is used by', () => {
  const second = { visit: 2 }
  const records = [attempt('a/a', 1), attempt('a/p/b', 1), ended('a', 'completed')]
  const again = records.map((record) => ({ ...record, ...second }))
  const calls = [call('a/a', 1), call('a/p/b', 1), { ...call('a/a', 2), ...second }]
  const judged = (last: number) =>
    judge(originalInput, {
      node: chain,
      records: [...records, ...again],
      calls: [...calls, { ...call('a/p/b', last), ...second }],
    })
  expect(judged(2)).toEqual([])
  expect(judged(1)).toMatchObject([{ expected: 2, actual: 1 }])
})

test('attempts-add-up: numbers without a gap, each step’s count, and the run’s', () => {
  const two = [attempt('a', 1), attempt('a', 2)]
  const judged = (records: object[], attempts: number) =>
    judge(attemptsAddUp, { records, result: { totals: { attempts } } })
  expect(judged([...two, ended('a', 'failed', 2)], 2)).toEqual([])
  expect(judged([...two, ended('a', 'failed', 1)], 2)).toMatchObject([
    { message: 'Expected a to count the 2 attempts on record, it says 1.', expected: 2, actual: 1 },
  ])
  expect(judged([attempt('a', 1), attempt('a', 3), ended('a', 'failed', 2)], 2)).toMatchObject([
    { message: 'Expected attempt 2 of a to be recorded next, got attempt 3.' },
  ])
  expect(judged([...two, ended('a', 'failed', 2)], 3)).toMatchObject([
    { message: 'Expected the run to count the 2 attempts on record, it says 3.', expected: 2, actual: 3 },
  ])
  expect(judge(attemptsAddUp, { records: two })).toEqual([])
})

test('within-policy: not one attempt more, not one millisecond longer than the longest delay', () => {
  const at = (path: string, number: number, startedAtMs: number) =>
    attempt(path, number, { startedAtMs, latencyMs: 5 })
  const judged = (records: object[], calls: object[] = []) =>
    judge(withinPolicy, { node: chain, records, calls })
  expect(judged([at('a/a', 1, 0), at('a/a', 2, 15)])).toEqual([])
  expect(judged([at('a/a', 1, 0), at('a/a', 2, 16)])).toMatchObject([
    { message: 'Expected at most 10 ms before attempt 2 of a/a, it waited 11 ms.', expected: 10, actual: 11 },
  ])
  expect(judged([attempt('a/a', 1), attempt('a/a', 2, { startedAtMs: 10 + 1e-6 })])).toEqual([])
  expect(judged([attempt('a/a', 1), attempt('a/a', 2, { startedAtMs: 10 + 2e-6 })])).toHaveLength(1)
  expect(judged([at('a/a', 1, 0), at('a/a', 2, 45)], [{ ...call('a/a', 1), retryAfterMs: 40 }])).toEqual([])
  expect(
    judged([at('a/a', 1, 0), at('a/a', 2, 46)], [{ ...call('a/a', 1), retryAfterMs: 40 }]),
  ).toMatchObject([{ expected: 40, actual: 41 }])
  expect(judged([at('a/a', 1, 0), at('a/a', 2, 99)], [call('a/a', 1, 'returned')])).toEqual([])
  expect(judged([at('a/a', 1, 0), at('a/a', 2, 5), at('a/a', 3, 10)])).toMatchObject([
    { message: 'Expected at most 2 attempts of a/a, got 3.', expected: 2, actual: 3 },
  ])
  expect(judged([at('elsewhere', 1, 0), at('elsewhere', 2, 99), at('elsewhere', 3, 999)])).toEqual([])
})

test('usage-adds-up: the sum over all attempts, to the rounding of floating-point numbers', () => {
  const spent = (costUsd: number, tokens: number) => attempt('a', 1, { usage: { costUsd, tokens } })
  const judged = (costUsd: number, tokens: number, ...records: object[]) =>
    judge(usageAddsUp, { records, result: { usage: { costUsd, tokens } } })
  expect(judged(0.3, 5, spent(0.1, 2), spent(0.2, 3), { kind: 'event' })).toEqual([])
  expect(judged(0.25, 5, spent(0.125, 2), spent(0.25, 3))).toEqual([
    {
      code: 'E_ORACLE',
      oracle: 'usage-adds-up',
      at: [],
      message:
        "Expected the run's usage to be the sum over its attempts, $0.375 and 5 tokens; it says $0.25 and 5.",
      expected: { costUsd: 0.375, tokens: 5 },
      actual: { costUsd: 0.25, tokens: 5 },
    },
  ])
  expect(judged(0.125, 4, spent(0.125, 5))).toHaveLength(1)
  expect(judged(1e12 + 1e-3, 0, spent(1e12, 0))).toEqual([])
  expect(judged(1e-9, 0, spent(0, 0))).toEqual([])
  expect(judged(2e-9, 0, spent(0, 0))).toHaveLength(1)
  expect(judge(usageAddsUp, { records: [spent(1, 1)] })).toEqual([])
})

test('no-unhandled-rejection: each one, in its own words', () => {
  const unhandled = [
    { how: 'rejected', name: 'RangeError', message: 'too far' },
    { how: 'thrown', name: 'RangeError', message: 'too far' },
    { how: 'unknown', name: 'Error', message: 'Nobody knows.' },
  ]
  const problem = { code: 'E_ORACLE', oracle: 'no-unhandled-rejection', at: [] }
  expect(judge(noUnhandledRejection, { unhandled })).toEqual([
    { ...problem, message: 'A rejection was left unhandled: RangeError: too far' },
    {
      ...problem,
      message:
        'An error was thrown where nothing catches it, in a timer, an event or a callback: RangeError: too far',
    },
    { ...problem, message: 'Nobody knows.' },
  ])
  expect(judge(noUnhandledRejection, { unhandled: [] })).toEqual([])
})

test.for<[string, () => unknown, string]>([
  ['a promise', () => void Promise.reject(new Error('lost')), 'A rejection was left unhandled: Error: lost'],
  ['a timer', () => setTimeout(fails, 5), 'An error was thrown where nothing catches it'],
  ['an immediate', () => setImmediate(fails), 'An error was thrown where nothing catches it'],
])('no-unhandled-rejection: what %s lets go is said as what it is', async ([, letGo, said]) => {
  const lets = scenario('lets an error go').subject(async (_: unknown, ports: Ports) => {
    letGo()
    await ports.clock.sleep(10)
    return ports.fn('tell', () => 1)()
  })
  const { problems } = await runScenario(lets, { replay: false })
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(said)])
})

function fails(): never {
  throw new Error('lost')
}
