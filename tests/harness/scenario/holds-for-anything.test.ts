import { type Expectation, type Ports, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { parseScenarios } from '../../../harness/scenario/file/load.ts'
import { problemsIn } from './file/problems-in.ts'

const asking = scenario('asks')
  .subject((_: unknown, ports: Ports) => ports.fn('ask', () => 1)())
  .input(null)

function inFile(expectation: object, more = ''): () => unknown {
  const text = `name: asks\nsubject: ./a.ts#a\n${more}expect: ${JSON.stringify(expectation)}\n`
  return () => parseScenarios(text, '/p/a.scenario.yaml', { root: '/p' })
}

const CALLS = 'a scenario is given up above 100000 (`limits.calls`)'
const LEAST_0 = '(`{ min: 0 }` holds for every run: nothing is below 0)'

test.for<[expectation: Expectation, path: string, why: string]>([
  [{ calls: { 'fn:ask': { min: 0 } } }, 'expect.calls.fn:ask', LEAST_0],
  [{ calls: { 'fn:ask': { min: 0, max: 100_000 } } }, 'expect.calls.fn:ask', CALLS],
  [{ calls: { 'fn:ask': { max: 1e9 } } }, 'expect.calls.fn:ask', CALLS],
  [{ calls: { 'fn:ask': { count: { min: 0 } } } }, 'expect.calls.fn:ask.count', LEAST_0],
  [
    { calls: { 'fn:ask': { inFlight: { min: 1 } } } },
    'expect.calls.fn:ask.inFlight',
    '(`{ min: 1 }` holds for every run: nothing is below 1)',
  ],
  [{ calls: { 'fn:ask': { inFlight: { max: 1e6 } } } }, 'expect.calls.fn:ask.inFlight', CALLS],
  [
    { calls: { 'fn:ask': { count: 3, inFlight: { max: 3 } } } },
    'expect.calls.fn:ask.inFlight',
    '(`{ max: 3 }` holds for every run: nothing is above 3)',
  ],
  [
    { calls: { 'fn:ask': { count: { max: 3 }, window: { ms: 10, max: 4 } } } },
    'expect.calls.fn:ask.window.max',
    '(`{ max: 4 }` holds for every run: nothing is above 3)',
  ],
  [{ calls: { 'fn:ask': { aborted: { min: 0 } } } }, 'expect.calls.fn:ask.aborted', LEAST_0],
  [{ calls: { 'fn:ask': { gapsMs: { min: 0 } } } }, 'expect.calls.fn:ask.gapsMs', LEAST_0],
  [{ attempts: { ask: { min: 0 } } }, 'expect.attempts.ask', LEAST_0],
  [{ marks: { probe: { min: 0 } } }, 'expect.marks.probe', LEAST_0],
  [{ usage: { tokens: { min: 0 } } }, 'expect.usage.tokens', LEAST_0],
  [{ virtualMs: { min: 0 } }, 'expect.virtualMs', LEAST_0],
  [{ virtualMs: { max: 1e15 } }, 'expect.virtualMs', '(`limits.virtualMs`))'],
])('%j holds for anything and is refused, in a file and in code', ([expectation, path, why]) => {
  const sentence = `Expected \`${path}\` in`
  const problems = problemsIn(inFile(expectation))
  expect(problems).toEqual([expect.stringContaining(sentence)])
  expect(problems).toEqual([expect.stringContaining(why)])
  expect(() => asking.expect(expectation)).toThrow(sentence)
})

test.for<Expectation>([
  { calls: { 'fn:ask': { min: 1 } } },
  { calls: { 'fn:ask': { max: 99_999 } } },
  { calls: { 'fn:ask': { min: 0, max: 3 } } },
  { calls: { 'fn:ask': 0 } },
  { calls: { 'fn:ask': { count: 3, inFlight: { max: 2 }, aborted: { min: 1 } } } },
  // In a list it says that there is a gap.
  { calls: { 'fn:ask': { gapsMs: [{ min: 0 }, 100] } } },
  { virtualMs: { max: 1000 } },
])('%j can fail and is read', (expectation) => {
  expect(inFile(expectation)).not.toThrow()
  expect(() => asking.expect(expectation)).not.toThrow()
})

test('what can fail is told by the limits of the scenario itself', () => {
  const calls = { calls: { 'fn:ask': { max: 500 } } }
  expect(problemsIn(inFile(calls, 'limits: { calls: 500 }\n'))).toEqual([
    expect.stringContaining('given up above 500'),
  ])
  expect(inFile(calls, 'limits: { calls: 501 }\n')).not.toThrow()
  expect(() => asking.expect(calls).limits({ calls: 500 })).toThrow('given up above 500')
})

test.for<[expectation: object, path: string]>([
  [{ feedback: { matches: '' } }, 'expect.feedback.matches'],
  [{ error: { message: { matches: '.*' } } }, 'expect.error.message.matches'],
  [{ error: { causes: [{ code: { matches: '^' } }] } }, 'expect.error.causes[0].code.matches'],
  [{ outputMatches: { id: { matches: '[^]*' } } }, 'expect.outputMatches.id.matches'],
  [{ outputMatches: { id: { contains: '' } } }, 'expect.outputMatches.id.contains'],
  [{ outputMatches: {} }, 'expect.outputMatches'],
  [{ children: { draft: {} } }, 'expect.children.draft'],
  [{ calls: { 'http:GET /a': { inputs: [{ url: { matches: 'x?' } }] } } }, 'matches'],
])('%j would be met by any text or mapping and is refused', ([expectation, path]) => {
  expect(problemsIn(inFile(expectation))).toEqual([expect.stringContaining(`Expected \`${path}\` in`)])
})
