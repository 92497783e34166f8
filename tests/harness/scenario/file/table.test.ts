import { expect, test } from 'vitest'
import { parseScenarios } from '../../../../harness/scenario/file/load.ts'
import { problemsIn } from './problems-in.ts'

function parse(text: string) {
  return parseScenarios(text, '/project/table.scenario.yaml', { root: '/project' })
}

const problemsOf = (text: string): string[] => problemsIn(() => parse(text))

test('a table makes one scenario per row, at the line of the row', () => {
  const scenarios = parse(`name: survives \${times} failures
subject: ./a.ts#b
faults: { step:draft: "\${times}*reject -> off" }
with:
  - times: 2
  - times: 3
`)
  expect(scenarios.map(({ spec, at }) => [spec.name, spec.faults, at.line])).toEqual([
    ['survives 2 failures', { 'step:draft': '2*reject -> off' }, 5],
    ['survives 3 failures', { 'step:draft': '3*reject -> off' }, 6],
  ])
})

test('a text that is nothing but a column takes the value as it is, in a longer text it is written out', () => {
  const [scenario] = parse(`name: n
subject: ./a.ts#b
input: { raw: "\${v}", text: "it is \${v}!" }
with: [{ v: { deep: [1, null] } }]
`)
  expect(scenario!.spec.input).toEqual({ raw: { deep: [1, null] }, text: 'it is {"deep":[1,null]}!' })
})

test('columns stand in keys too', () => {
  const [scenario] = parse(`name: fails at \${point}
subject: ./a.ts#b
faults: { "\${point}": reject }
with: [{ point: step:draft }]
`)
  expect(scenario!.spec.faults).toEqual({ 'step:draft': 'reject' })
})

test('a name without a column is told apart by the values of its row', () => {
  const names = parse(`name: survives
subject: ./a.ts#b
seed: "\${seed}"
with: [{ seed: 1 }, { seed: 2 }]
`).map(({ spec }) => spec.name)
  expect(names).toEqual(['survives (seed: 1)', 'survives (seed: 2)'])
})

test('three dollars write one; without a table a dollar is a dollar', () => {
  const text = 'name: n\nsubject: ./a.ts#b\ninput: ["$${a}", "${a}"]\n'
  expect(parse(`${text}with: [{ a: 1 }]\n`)[0]!.spec.input).toEqual(['${a}', 1])
  expect(parse(text)[0]!.spec.input).toEqual(['$${a}', '${a}'])
})

test('an unknown column is refused where it stands, with the nearest one', () => {
  const text = 'name: survives ${tims}\nsubject: ./a.ts#b\nseed: "${times}"\nwith: [{ times: 1 }]\n'
  expect(problemsOf(text)).toEqual([
    'Expected `${tims}` in table.scenario.yaml:1:16 to name a column of `with`, which row 1 does not have. Did you mean `times`?',
  ])
})

test('a column nobody uses is refused: it looks tested and is not', () => {
  const text = 'name: ${a}\nsubject: ./a.ts#b\nwith:\n  - { a: 1, b: 2 }\n'
  expect(problemsOf(text)).toEqual([
    'Expected the column `b` in table.scenario.yaml:4:13 to be used as `${b}` in the scenario, but nothing uses it.',
  ])
})

test('what is wrong in one row names the row; what is wrong in all of them is told once', () => {
  const text = `name: n \${v}
subject: ./a.ts#b
seed: "\${v}"
expect: { status: fialed }
with: [{ v: 1 }, { v: x }]
`
  expect(problemsOf(text)).toEqual([
    'Expected `seed` in table.scenario.yaml:3:1 to be an integer from 0 to 4294967295, got "x". (Row 2 of `with`, line 5.)',
    'Expected `expect.status` in table.scenario.yaml:4:19 to be completed, failed, paused, cancelled or skipped, got "fialed". Did you mean `failed`?',
  ])
})

test.each([
  ['no rows', '[]', 'to be a list of 1 to 1000 rows, got 0 rows.'],
  [
    'too many rows',
    `[${Array(1001).fill('{a: 1}').join(', ')}]`,
    'to be a list of 1 to 1000 rows, got 1001 rows.',
  ],
  ['a mapping', '{ a: 1 }', 'to be a list of 1 to 1000 rows, got something else.'],
  [
    'a row that is no mapping',
    '[1, { a: 1 }]',
    'Expected the row of `with` in table.scenario.yaml:3:8 to be a mapping',
  ],
])('a table with %s is refused', (_what, table, message) => {
  expect(problemsOf(`name: \${a}\nsubject: ./a.ts#b\nwith: ${table}\n`)).toEqual([
    expect.stringContaining(message),
  ])
})
