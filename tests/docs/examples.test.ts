import { expect, test } from 'vitest'
import { glob } from 'tinyglobby'
import { repository } from '../packaging/staged-package.ts'
import { checkExamples } from './example-program.ts'
import { type Example, examplesOf, publicSymbols } from './public-symbols.ts'

// Every value an entry point exports has an `@example` in its documentation. A type has one, too, or an example somewhere
// names it, or it is a part of such a type: what a function takes or gives is best shown there, and the forty parts of a
// report by reading a report. Every example anywhere in our sources, of internal code as well, is compiled.

const symbols = publicSymbols()
const files = await glob('{src,harness,reporters}/**/*.ts', { cwd: repository })
const examples: readonly Example[] = files.toSorted().flatMap((file) => examplesOf(file))

test('every entry point is looked at', () => {
  expect(new Set(symbols.map(({ entry }) => entry))).toEqual(
    new Set(['shakedown', 'shakedown/harness', 'shakedown/vitest', 'shakedown/report']),
  )
})

test('every public value has an example', () => {
  const without = symbols.filter(({ kind, example }) => kind === 'value' && example === undefined)
  expect(without.map(({ name, file }) => `${name} in ${file}`)).toEqual([])
})

const words = (text: string): string[] => text.match(/[A-Za-z_$][\w$]*/g) ?? []

test('every public type is shown by an example', () => {
  const shown = new Set(examples.flatMap(({ code }) => words(code)))
  const types = symbols.filter(({ kind }) => kind === 'type')
  for (const { name, example } of types) if (example !== undefined) shown.add(name)
  // A set that grows while it is gone through: parts of parts are shown, too.
  for (const name of shown) {
    for (const type of types)
      if (type.name === name) for (const part of words(type.declaration)) shown.add(part)
  }
  const without = types.filter(({ name }) => !shown.has(name))
  expect(without.map(({ name, file }) => `${name} in ${file}`)).toEqual([])
})

test('every example compiles', { timeout: 60_000 }, async () => {
  expect(await checkExamples(examples, symbols)).toEqual([])
})

test('an example that is wrong is named by its line', { timeout: 60_000 }, async () => {
  const source = [
    '/**',
    ' * Doubles.',
    ' *',
    ' * @example',
    " * const four = step('double', (n: number) => n * 2)",
    " * four.fallback('two')",
    ' * @throws nothing',
    ' */',
    'export const double = 2',
  ].join('\n')
  const wrong = examplesOf('src/index.ts', source)
  expect(wrong).toMatchObject([{ line: 4 }])
  expect(await checkExamples(wrong, symbols)).toEqual([
    expect.stringMatching(/^src\/index\.ts:6 error TS2345: Argument of type 'string'/),
  ])
})
