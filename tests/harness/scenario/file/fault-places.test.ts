import { expect, test } from 'vitest'
import { parseScenarios } from '../../../../harness/scenario/file/load.ts'
import { positionOf } from '../../../../harness/scenario/positions.ts'
import { problemsIn } from './problems-in.ts'

const FILE = '/project/scenarios/flap.scenario.yaml'
const GOOD = `name: x
subject: ./a.ts#b
`

function parse(text: string) {
  return parseScenarios(text, FILE, { root: '/project' })
}

const problemsOf = (text: string): string[] => problemsIn(() => parse(text))

test('points and programs are kept in their canonical spelling, and still point at what was written', () => {
  const [scenario] = parse(
    `${GOOD}faults:\n  "http:post /orders": "2 * delay( 20 )->off"\nexpect: { calls: { "http:post /orders": 3 } }\n`,
  )
  expect(scenario!.spec.faults).toEqual({ 'http:POST /orders': '2*delay(20) -> off' })
  expect(scenario!.spec.expect.calls).toEqual({ 'http:POST /orders': 3 })
  expect(positionOf(scenario!.source.positions, ['faults', 'http:POST /orders'])).toEqual({
    line: 4,
    column: 3,
  })
})

test('a point that is named twice in different spellings is refused', () => {
  expect(problemsOf(`${GOOD}faults:\n  http:POST /a: reset\n  http:post /a: reset\n`)).toEqual([
    'Expected the point `http:POST /a` in scenarios/flap.scenario.yaml:5:3 to be named once, but line 4 names it already.',
  ])
})

test.each([
  ['plain', 'faults:\n  step:draft: 3*rejct(ECONNRESET)', '4:17'],
  ['in single quotes', "faults:\n  step:draft: '3*rejct(''x'')'", '4:18'],
  ['in double quotes', 'faults:\n  step:draft: "reject(\\"a\\") -> oof"', '4:33'],
  ['behind a unicode escape', 'faults:\n  step:draft: "\\x6Fff -> oof"', '4:26'],
  ['in a literal block', 'faults:\n  step:draft: |\n    3*reject ->\n      oof', '6:7'],
  ['in a folded block', 'faults:\n  step:draft: >-\n    3*reject\n    -> oof', '6:8'],
  ['folded in quotes', 'faults:\n  step:draft: "3*reject\n    -> oof"', '5:8'],
  ['in a flow mapping', 'faults: { step:draft: oof }', '3:23'],
  ['in the key', 'faults:\n  stepp:draft: off', '4:3'],
  ['in expected calls', 'expect: { calls: { stepp:draft: 1 } }', '3:20'],
  ['in an expected order', 'expect: { order: [step:a, stepp:b] }', '3:27'],
])('a mistake of the fault grammar %s is pointed at exactly', (_how, lines, place) => {
  expect(problemsOf(`${GOOD}${lines}\n`)).toEqual([
    expect.stringContaining(`scenarios/flap.scenario.yaml:${place}`),
  ])
})

test.each([
  ['calls: { fn:save#2: 1 }', '3:20'],
  ['order: [step:a, fn:save#2]', '3:34'],
])('a number of one call where all are meant is refused: %s', (expectation, place) => {
  expect(problemsOf(`${GOOD}expect: { ${expectation} }\n`)).toEqual([
    `Expected a point without the number of a call in scenarios/flap.scenario.yaml:${place}, got \`#2\`. Only a fault can be meant for a single call.`,
  ])
})

test('an unknown verb comes with the nearest known one', () => {
  expect(problemsOf(`${GOOD}faults: { step:draft: rejct }\n`)).toEqual([
    expect.stringContaining('Did you mean `reject`?'),
  ])
})
