import { expect, test } from 'vitest'
import { ScenarioFileError } from '../../../../harness/scenario/file-problem.ts'
import { parseScenarios } from '../../../../harness/scenario/file/load.ts'
import { positionOf } from '../../../../harness/scenario/positions.ts'
import { problemsIn } from './problems-in.ts'

const FILE = '/project/scenarios/flap.scenario.yaml'
const GOOD = `name: both errors survive
subject: ./draft.ts#draftWithBackup
`

function parse(text: string) {
  return parseScenarios(text, FILE, { root: '/project' })
}

const problemsOf = (text: string): string[] => problemsIn(() => parse(text))

test('a file with a name and a subject is a scenario, with defaults for the rest', () => {
  expect(parse(GOOD).map(({ spec }) => spec)).toEqual([
    {
      name: 'both errors survive',
      subject: './draft.ts#draftWithBackup',
      faults: {},
      expect: {},
      seed: 1,
      http: 'ports',
    },
  ])
})

test('every document of a file is a scenario; empty documents are none', () => {
  const names = parse(`${GOOD}---\nname: second\nsubject: ./a.ts#b\n---\n# nothing but a comment\n---\n`).map(
    ({ spec }) => spec.name,
  )
  expect(names).toEqual(['both errors survive', 'second'])
})

test('every key of a scenario knows its line and column', () => {
  const [scenario] = parse(`# comment\n${GOOD}expect:\n  attempts: { draft: 1 }\n  order: [step:a, step:b]\n`)
  const { positions } = scenario!.source
  expect(scenario!.at).toEqual({ line: 2, column: 1 })
  expect(positionOf(positions, ['expect', 'attempts', 'draft'])).toEqual({ line: 5, column: 15 })
  expect(positionOf(positions, ['expect', 'order', 1])).toEqual({ line: 6, column: 19 })
  // A key that is not there is where its nearest parent is.
  expect(positionOf(positions, ['expect', 'virtualMs'])).toEqual({ line: 4, column: 1 })
})

test.each([
  [
    'a misspelt key',
    'fautls: {}',
    'Unknown key `fautls` in scenarios/flap.scenario.yaml:3:1. Did you mean `faults`?',
  ],
  [
    'a misspelt key inside',
    'expect: { stattus: failed }',
    'Unknown key `stattus` in scenarios/flap.scenario.yaml:3:11. Did you mean `status`?',
  ],
  [
    'a key like no other',
    'expect: { zzzzzzzzzz: 1 }',
    'Unknown key `zzzzzzzzzz` in scenarios/flap.scenario.yaml:3:11. Known keys: status,',
  ],
  [
    'a wrong type',
    'seed: x',
    'Expected `seed` in scenarios/flap.scenario.yaml:3:1 to be an integer from 0 to 4294967295, got "x".',
  ],
  ['a number out of range', 'seed: -1', 'to be an integer from 0 to 4294967295, got -1.'],
  ['a fraction', 'seed: 1.5', 'to be an integer from 0 to 4294967295, got 1.5.'],
  [
    'an unknown status',
    'expect: { status: fialed }',
    'Expected `expect.status` in scenarios/flap.scenario.yaml:3:19 to be completed, failed, paused, cancelled or skipped, got "fialed". Did you mean `failed`?',
  ],
  [
    'a misspelt status in quotes',
    'expect: { status: "completd" }',
    'flap.scenario.yaml:3:20 to be completed, failed, paused, cancelled or skipped, got "completd". Did you mean `completed`?',
  ],
  [
    'a misspelt way of requests',
    'http: nok',
    'flap.scenario.yaml:3:7 to be ports or nock, got "nok". Did you mean `nock`?',
  ],
  [
    'a misspelt kind of timers',
    'timers: globl',
    'flap.scenario.yaml:3:9 to be ports or global, got "globl". Did you mean `global`?',
  ],
  [
    'a misspelt moment',
    'abort: { during: backof }',
    'flap.scenario.yaml:3:18 to be backoff, got "backof". Did you mean `backoff`?',
  ],
  [
    'a list for a mapping',
    'faults: [reject]',
    'Expected `faults` in scenarios/flap.scenario.yaml:3:1 to be a mapping of boundary points to fault programs, got a list.',
  ],
  [
    'a mapping for a program',
    'faults: { step:a: { verb: reject } }',
    'Expected `faults.step:a` in scenarios/flap.scenario.yaml:3:11 to be a fault program, got an object.',
  ],
  [
    'a range upside down',
    'expect: { virtualMs: { min: 3, max: 2 } }',
    'to be a range whose min is not above its max',
  ],
  [
    'a broken pattern',
    'expect: { feedback: { matches: "(" } }',
    'Expected `expect.feedback.matches` in scenarios/flap.scenario.yaml:3:23 to be a regular expression, got "(".',
  ],
  [
    'an empty list of texts',
    'expect: { feedback: { contains: [] } }',
    'to be at least one text, got an empty list.',
  ],
  [
    'an empty reason',
    'skip: ""',
    'Expected `skip` in scenarios/flap.scenario.yaml:3:1 to be true, false or a reason, got "".',
  ],
  [
    'an infinite number',
    'input: .inf',
    'Expected scenarios/flap.scenario.yaml:3:8 to be text, a finite number, true, false or null, got `.inf`.',
  ],
])('%s is refused', (_what, line, message) => {
  expect(problemsOf(`${GOOD}${line}\n`)).toEqual([expect.stringContaining(message)])
})

test.each([
  ['no subject', 'name: x\n', 'Expected a `subject` in scenarios/flap.scenario.yaml:1:1'],
  [
    'no name',
    'subject: ./a.ts#b\n',
    'Expected `name` in scenarios/flap.scenario.yaml:1:1 to be text of 1 to 200 characters on one line, got nothing.',
  ],
  [
    'a subject without an export',
    'name: x\nsubject: ./a.ts\n',
    'Expected `subject` in scenarios/flap.scenario.yaml:2:1 to be `./file.ts#export`, got "./a.ts".',
  ],
  [
    'a subject that is not beside the file',
    'name: x\nsubject: a.ts#b\n',
    'to be `./file.ts#export`, got "a.ts#b".',
  ],
  ['an empty file', '', 'Expected a scenario in scenarios/flap.scenario.yaml:1:1, got an empty file.'],
  ['a file of comments', '# nothing\n', 'got an empty file.'],
  ['a list', '- 1\n', 'Expected the scenario in scenarios/flap.scenario.yaml:1:1 to be a mapping'],
  ['a text', 'hello\n', 'to be a mapping'],
])('a file with %s is refused', (_what, text, message) => {
  expect(problemsOf(text)).toEqual([expect.stringContaining(message)])
})

test('a misspelt required key is told once, not as missing as well', () => {
  expect(problemsOf('nmae: x\nsubject: ./a.ts#b\n')).toEqual([
    expect.stringContaining('Did you mean `name`?'),
  ])
})

test('two scenarios with one name are refused with the line of the first', () => {
  expect(problemsOf(`${GOOD}---\n${GOOD}`)).toEqual([
    'Expected the name "both errors survive" in scenarios/flap.scenario.yaml:4:1 to be the only one of its kind, but line 1 has it already.',
  ])
})

test('all problems of a file are told at once, in the order of the file', () => {
  const text = `nmae: x
subject: nowhere
faults:
  step:draft: 3*rejct
  stepp:draft: reject
expect: { status: fialed }
---
- 1
`
  expect(problemsOf(text)).toEqual([
    expect.stringContaining(':1:1.'),
    expect.stringContaining(':2:1 to be `./file.ts#export`'),
    expect.stringContaining(':4:17'),
    expect.stringContaining(':5:3'),
    expect.stringContaining(':6:19 to be completed'),
    expect.stringContaining(':8:1 to be a mapping'),
  ])
})

test('a message shows the line of the file under each problem, and counts what does not fit', () => {
  const lines = Array.from({ length: 14 }, (_, index) => `wrong${index}: 1`)
  const error = catchError(() => parse(`${GOOD}${lines.join('\n')}\n`))
  expect(error.problems).toHaveLength(14)
  expect(error.message).toContain('wrong9: 1\n  ^^^^^^')
  expect(error.message).not.toContain('wrong10')
  expect(error.message).toContain('… and 4 more')
  expect(error.summary).not.toContain('^^^')
  expect(error.code).toBe('E_SCENARIO')
})

test('a key that is there twice is refused with the line of the first', () => {
  expect(problemsOf(`${GOOD}seed: 1\nseed: 2\n`)).toEqual([
    'Expected the key `seed` in scenarios/flap.scenario.yaml:4:1 to be there once, but line 3 has it already.',
  ])
})

test('YAML that cannot be read is refused where it breaks', () => {
  expect(problemsOf(`${GOOD}expect: [a\n`)).toEqual([
    expect.stringContaining('scenarios/flap.scenario.yaml:4:1 to be valid YAML'),
  ])
})

test('an unknown tag is refused; without it the same file is fine', () => {
  expect(problemsOf(`${GOOD}input: !secret x\n`)).toEqual([
    expect.stringContaining(':3:8 to be valid YAML, got: unresolved tag'),
  ])
  expect(problemsOf(`${GOOD}input: x\n`)).toEqual([])
})

test('an alias stands for its anchor', () => {
  const [scenario] = parse(`${GOOD}input: { a: &order { id: 7 }, b: *order }\n`)
  expect(scenario!.spec.input).toEqual({ a: { id: 7 }, b: { id: 7 } })
})

test('an anchor that is set anew stays so when an alias leads to where it was set first', () => {
  const [scenario] = parse(`${GOOD}input: { a: &list [&item 1], b: &item 2, c: *list, d: *item }\n`)
  expect(scenario!.spec.input).toEqual({ a: [1], b: 2, c: [1], d: 2 })
})

test('an alias without an anchor is refused, with the likely cause', () => {
  expect(problemsOf(`${GOOD}input: *x\n`)).toEqual([
    expect.stringContaining('Text that starts with `*` must be quoted.'),
  ])
})

test('a billion laughs cost no more than a hundred thousand values', () => {
  const laughs = Array.from(
    { length: 20 },
    (_, n) => `  - &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`,
  )
  const started = performance.now()
  expect(problemsOf(`${GOOD}input:\n  - &l0 lol\n${laughs.join('\n')}\n`)).toEqual([
    expect.stringMatching(/Expected the aliases of .+ to stand for at most 100000 values, got more/),
  ])
  expect(performance.now() - started).toBeLessThan(2000)
})

test('an anchor inside itself is refused', () => {
  expect(problemsOf(`${GOOD}input: &a [*a]\n`)).toEqual([
    expect.stringContaining('to be nested at most 32 deep'),
  ])
})

test('nesting has a limit; a little less passes', () => {
  expect(problemsOf(`${GOOD}input: ${'['.repeat(40)}${']'.repeat(40)}\n`)).toEqual([
    expect.stringContaining('nested at most 32 deep'),
  ])
  expect(problemsOf(`${GOOD}input: ${'['.repeat(20)}${']'.repeat(20)}\n`)).toEqual([])
})

test('a key `__proto__` is data', () => {
  const [scenario] = parse(`${GOOD}input: { __proto__: { polluted: true } }\n`)
  expect(Object.keys(scenario!.spec.input as object)).toEqual(['__proto__'])
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('more than a thousand scenarios are too many for one file', () => {
  const rows = Array.from({ length: 600 }, (_, n) => `  - n: ${n}`).join('\n')
  const table = (name: string) => `name: ${name} \${n}\nsubject: ./a.ts#b\nwith:\n${rows}\n`
  expect(parse(table('a'))).toHaveLength(600)
  expect(problemsOf(`${table('a')}---\n${table('b')}`)).toEqual([
    expect.stringContaining('at most 1000 scenarios'),
  ])
})

test('`only` and `skip` are read; a reason is kept', () => {
  const selections = ['only: true', 'skip: true', 'skip: waits for the new client', 'skip: false', ''].map(
    (line) => parse(`${GOOD}${line}\n`)[0]!.selection,
  )
  expect(selections).toEqual([
    { kind: 'only' },
    { kind: 'skip', reason: undefined },
    { kind: 'skip', reason: 'waits for the new client' },
    undefined,
    undefined,
  ])
})

function catchError(run: () => unknown): ScenarioFileError {
  try {
    run()
  } catch (error) {
    if (error instanceof ScenarioFileError) return error
  }
  throw new Error('Expected a ScenarioFileError.')
}
