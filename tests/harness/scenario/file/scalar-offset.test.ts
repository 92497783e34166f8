import * as fc from 'fast-check'
import { isScalar, parseDocument } from 'yaml'
import { expect, test } from 'vitest'
import { offsetInSource } from '../../../../harness/scenario/file/scalar-offset.ts'

/** What the source has at the place of each unit of the value. */
function sourceUnits(source: string): { value: string; found: string } {
  const { contents } = parseDocument(source)
  if (!isScalar(contents) || typeof contents.value !== 'string') throw new Error('Expected a text.')
  const offsets = Array.from({ length: contents.value.length }, (_, unit) =>
    offsetInSource(source, contents, unit),
  )
  return { value: contents.value, found: offsets.map((offset) => source.charAt(offset)).join('') }
}

const texts = fc.string({
  unit: fc.constantFrom('a', 'b', '7', '(', ')', '>', "'", '"', '\\', ' ', '\n'),
  minLength: 1,
})

test('every unit of a text in single quotes is found', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const line = text.replaceAll('\n', '')
      const { value, found } = sourceUnits(`'${line.replaceAll("'", "''")}'`)
      expect(value).toBe(line)
      expect(found).toBe(line)
    }),
  )
})

test('every unit of a text in double quotes is found, an escape at its backslash', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { value, found } = sourceUnits(JSON.stringify(text))
      expect(value).toBe(text)
      expect(found).toBe(text.replaceAll(/["\\\n]/g, '\\'))
    }),
  )
})

test('every unit of a literal block is found', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z][a-z ()>]{0,10}$/), { minLength: 1 }), (lines) => {
      const { value, found } = sourceUnits(`|\n${lines.map((line) => `   ${line}\n`).join('')}`)
      expect(value.trimEnd()).toBe(lines.join('\n').trimEnd())
      expect(found.trimEnd()).toBe(value.trimEnd())
    }),
  )
})

test('a plain text over several lines is found behind its folds', () => {
  const { value, found } = sourceUnits('one\n  two\n\n  three')
  expect(value).toBe('one two\nthree')
  expect(found).toBe('one\ntwo\nthree')
})

test('an escape that stands for two units counts as two', () => {
  const { value, found } = sourceUnits('"\\U0001F6A2x"')
  expect(value).toBe('🚢x')
  expect(found.at(-1)).toBe('x')
})
