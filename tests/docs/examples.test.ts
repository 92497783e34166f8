import { beforeAll, describe, expect, test } from 'vitest'
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

const WRONG = [
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

describe('of all examples and a wrong one, compiled at once', () => {
  const wrong = examplesOf('src/index.ts', WRONG)
  const isOfWrong = (error: string): boolean => error.startsWith('src/index.ts:6 error TS2345')
  let errors: readonly string[]
  beforeAll(async () => {
    errors = await checkExamples([...examples, ...wrong], symbols)
  }, 60_000)

  test('every example compiles', () => {
    expect(errors.filter((error) => !isOfWrong(error))).toEqual([])
  })

  test('the one that is wrong is named by its line', () => {
    expect(wrong).toMatchObject([{ line: 4 }])
    expect(errors.filter(isOfWrong)).toEqual([
      expect.stringMatching(/^src\/index\.ts:6 error TS2345: Argument of type 'string'/),
    ])
  })
})
