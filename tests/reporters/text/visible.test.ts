import { expect, test } from 'vitest'
import { firstLines, shorten, visible, visibleLine } from '../../../reporters/text/visible.ts'

test('control characters and direction marks are shown instead of acting', () => {
  expect(visible('a\u0000b\rc\u007Fd\u0085e')).toBe('a␀b␍c␡d�e')
  expect(visible('user\u202Exyz')).toBe('user<U+202E>xyz')
  expect(visible('\uD800x')).toBe('�x')
})

test('colours go away, line breaks and tabs stay', () => {
  expect(visible('\u001B[31mred\u001B[0m\r\n\tnext')).toBe('red\n\tnext')
})

test('a name takes one line', () => {
  expect(visibleLine('a\n  b\tc')).toBe('a ⏎ b c')
})

test('ordinary text in any language is left alone', () => {
  const text = 'naïve – 日本語 עברית 👩‍👩‍👧 “quoted”'
  expect(visible(text)).toBe(text)
})

test('a shortened text has the length asked for and no half characters', () => {
  expect(shorten('abcdef', 4)).toBe('abc…')
  expect(shorten('abcd', 4)).toBe('abcd')
  expect(shorten('ab😀cd', 4)).toBe('ab…')
})

test('of many lines the first are kept, and it says how many are missing', () => {
  expect(firstLines('a\nb\nc\nd', 2)).toBe('a\nb\n… 2 more lines')
  expect(firstLines('a\nb', 2)).toBe('a\nb')
})
