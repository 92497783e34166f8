import { expect, test } from 'vitest'
import { engineDates } from './engine-dates.ts'
import { importCircles } from './import-circles.ts'
import { importDirections } from './import-directions.ts'
import { layout } from './layout.ts'
import { moduleFacts } from './module-facts.ts'
import { describeViolations, treeOf } from './source-tree.ts'
import type { SourceFile, Violation } from './source-tree.ts'
import { starExports } from './star-exports.ts'

type Rule = (files: readonly SourceFile[]) => readonly Violation[]

/** What a rule says about a small made-up tree. */
function complaints(rule: Rule, files: Readonly<Record<string, string>>): string[] {
  return describeViolations(rule(treeOf(files)))
}

const introduced = {
  'src/README.md': '',
  'reporters/README.md': '',
  'harness/README.md': '',
  'scenarios/README.md': '',
  'tests/README.md': '',
  '.github/workflows/README.md': '',
}

test.each([
  ['src/step.ts', '../harness/run.ts'],
  ['src/step.ts', '../reporters/index.ts'],
  ['src/nodes/sequence.ts', '../../tests/helper.ts'],
  ['reporters/render/html.ts', '../../harness/index.ts'],
  ['harness/run.ts', '../scenarios/fallback/draft.ts'],
  ['scenarios/fallback/draft.ts', '../../src/index.ts'],
])('%s must not import %s', (from, target) => {
  expect(complaints(importDirections, { [from]: `import { a } from '${target}'` })).toEqual([
    expect.stringContaining(`${from}:1 expected ${from.split('/')[0]}/ to import only from`),
  ])
})

test.each([
  ['reporters/render/html.ts', '../../src/index.ts'],
  ['harness/run.ts', '../reporters/index.ts'],
  ['scenarios/fallback/draft.ts', './subject.ts'],
  ['scenarios/fallback/draft.ts', 'shakedown/harness'],
  ['tests/src/step.test.ts', '../../src/step.ts'],
])('%s may import %s', (from, target) => {
  expect(complaints(importDirections, { [from]: `import { a } from '${target}'` })).toEqual([])
})

test.each([
  ["import type { A } from '../harness/a.ts'"],
  ["export { a } from '../harness/a.ts'"],
  ["const a = await import('../harness/a.ts')"],
  ["type A = import('../harness/a.ts').A"],
  ["import '../harness/a.ts'"],
])('a wrong direction is found however it is written: %s', (statement) => {
  expect(complaints(importDirections, { 'src/a.ts': statement })).toHaveLength(1)
})

test('a wrong direction in a comment or a string is no import', () => {
  const text = "// import '../harness/a.ts'\nexport const text = \"import '../harness/a.ts'\""
  expect(complaints(importDirections, { 'src/a.ts': text })).toEqual([])
})

test.each(['vitest', 'vitest/node', '@vitest/runner'])(
  'only two rooms and the tests may import %s',
  (specifier) => {
    const text = `import { x } from '${specifier}'`
    const refused = [
      'src/step.ts',
      'reporters/render/html.ts',
      'harness/cli/run.ts',
      'scenarios/http/flap.ts',
    ]
    const allowed = ['reporters/collect/reporter.ts', 'harness/vitest/plugin.ts', 'tests/src/step.test.ts']
    for (const path of refused) expect(complaints(importDirections, { [path]: text })).toHaveLength(1)
    for (const path of allowed) expect(complaints(importDirections, { [path]: text })).toEqual([])
  },
)

test.each(['node:fs', 'node:fs/promises', 'better-sqlite3'])(
  'in the engine only the audit room may import %s',
  (name) => {
    const text = `import x from '${name}'`
    expect(complaints(importDirections, { 'src/step.ts': text })).toHaveLength(1)
    expect(complaints(importDirections, { 'src/audit/database.ts': text })).toEqual([])
    expect(complaints(importDirections, { 'harness/cli/run.ts': text })).toEqual([])
  },
)

test('the package does not import itself by name', () => {
  const text = "import { step } from 'shakedown'"
  expect(complaints(importDirections, { 'harness/run.ts': text })).toHaveLength(1)
  expect(complaints(importDirections, { 'scenarios/http/flap.ts': text })).toEqual([])
})

test('the environment cannot slip in through an import the linter does not watch', () => {
  expect(complaints(importDirections, { 'harness/a.ts': "import { env } from 'node:process'" })).toHaveLength(
    1,
  )
  expect(complaints(importDirections, { 'harness/a.ts': "import { stdout } from 'node:process'" })).toEqual(
    [],
  )
})

test('a circle between files is shown the whole way round', () => {
  const files = {
    'src/a.ts': "import './b.ts'",
    'src/b.ts': "import type { C } from './c.ts'",
    'src/c.ts': "export { a } from './a.ts'",
  }
  expect(complaints(importCircles, files)).toContain(
    'src/a.ts expected imports to go one way between files, got src/a.ts → src/b.ts → src/c.ts → src/a.ts',
  )
  expect(complaints(importCircles, { ...files, 'src/c.ts': '' })).toEqual([])
})

test('two rooms that import each other are a circle even when no file is', () => {
  const files = {
    'src/nodes/a.ts': "import '../policy/a.ts'",
    'src/policy/a.ts': '',
    'src/policy/b.ts': "import '../nodes/b.ts'",
    'src/nodes/b.ts': '',
  }
  expect(complaints(importCircles, files)).toEqual([
    'src/nodes/ expected imports to go one way between rooms, got src/nodes/ → src/policy/ → src/nodes/: ' +
      'src/nodes/a.ts imports src/policy/a.ts, src/policy/b.ts imports src/nodes/b.ts',
  ])
  expect(complaints(importCircles, { ...files, 'src/policy/b.ts': '' })).toEqual([])
})

test.each(['harness/faults', 'src/audit/sqlite'])(
  'two rooms inside %s that import each other are a circle, too',
  (place) => {
    const files = {
      [`${place}/grammar/a.ts`]: "import '../points/a.ts'",
      [`${place}/points/a.ts`]: '',
      [`${place}/points/b.ts`]: "import '../grammar/b.ts'",
      [`${place}/grammar/b.ts`]: '',
    }
    expect(complaints(importCircles, files)).toEqual([
      `${place}/grammar/ expected imports to go one way between rooms, got ${place}/grammar/ → ${place}/points/ → ${place}/grammar/: ` +
        `${place}/grammar/a.ts imports ${place}/points/a.ts, ${place}/points/b.ts imports ${place}/grammar/b.ts`,
    ])
    expect(complaints(importCircles, { ...files, [`${place}/points/b.ts`]: '' })).toEqual([])
  },
)

test('a file directly in a room is a room of its own: an index imports what its room holds', () => {
  const files = {
    'harness/faults/fault.ts': "import './points/a.ts'",
    'harness/faults/points/a.ts': '',
  }
  expect(complaints(importCircles, files)).toEqual([])
  expect(
    complaints(importCircles, {
      ...files,
      'harness/faults/points/b.ts': "import '../fault.ts'",
    }),
  ).toHaveLength(1)
})

test('export * is refused, also under a name', () => {
  expect(complaints(starExports, { 'src/index.ts': "\nexport * from './a.ts'" })).toEqual([
    'src/index.ts:2 expected explicit exports, got export *',
  ])
  expect(complaints(starExports, { 'src/index.ts': "export * as a from './a.ts'" })).toHaveLength(1)
  expect(complaints(starExports, { 'src/index.ts': "export { a } from './a.ts'" })).toEqual([])
})

test('the engine may format a date it was given but not take the current one', () => {
  expect(complaints(engineDates, { 'src/a.ts': 'export const a = new Date()' })).toHaveLength(1)
  expect(complaints(engineDates, { 'src/a.ts': 'export const a = Date()' })).toHaveLength(1)
  expect(complaints(engineDates, { 'src/a.ts': 'export const a = new Date(0)' })).toEqual([])
  expect(complaints(engineDates, { 'src/world/system.ts': 'export const a = new Date()' })).toEqual([])
})

test('a complete layout is accepted', () => {
  expect(
    complaints(layout, {
      ...introduced,
      'package.json': '',
      '.ci/run': '',
      'src/base/serialize-error.ts': '',
    }),
  ).toEqual([])
})

test.each([
  ['lib/a.ts', 'expected only the folders'],
  ['notes.md', 'expected no such file at the root'],
  ['.github/README.md', 'expected .github/workflows/README.md'],
  ['src/serializeError.ts', 'expected a kebab-case name'],
  ['src/Step.ts', 'expected a kebab-case name'],
  ['scenarios/both_errors.scenario.yaml', 'expected a kebab-case name'],
])('%s has no place in the layout', (path, message) => {
  expect(complaints(layout, { ...introduced, [path]: '' })).toEqual([
    expect.stringContaining(`${path} ${message}`),
  ])
})

const MAP = '# src\n\n| room | what |\n| --- | --- |\n| `world/` | time |\n\n| room | what |\n| `deep/` | |\n'

test('the map in a README names the rooms there are, no more and no fewer', () => {
  const told = (file: string): string[] =>
    complaints(layout, { ...introduced, 'src/README.md': MAP, [file]: '' })
  expect(told('src/world/a.ts')).toEqual([])
  expect(told('src/base/a.ts')).toEqual([
    'src/README.md expected the room base/ in its map',
    'src/README.md expected no world/ in its map, there is no such room',
  ])
})

test('a folder without its README is named', () => {
  const { 'harness/README.md': _missing, ...rest } = introduced
  expect(complaints(layout, rest)).toEqual([expect.stringContaining('harness/README.md expected a README')])
})

test('broken fixtures keep the names and the text they imitate', () => {
  const files = { ...introduced, 'tests/fixtures/bad-input/Bad_Name.ts': 'export * from' }
  for (const rule of [layout, importDirections, importCircles, starExports])
    expect(complaints(rule, files)).toEqual([])
})

test('a file that does not parse is an error, not a file without imports', () => {
  expect(() => moduleFacts({ path: 'src/a.ts', text: 'import {' })).toThrow('src/a.ts does not parse')
})
