import { expect, test } from 'vitest'
import { firstLines, shorten, visible, visibleLine } from '../../../reporters/text/visible.ts'

test('control characters and direction marks are shown instead of acting', () => {
  expect(visible('a\u0000b\rc\u007Fd\u0085e')).toBe('a␀b␍c␡d�e')
  expect(visible('user\u202Exyz')).toBe('user<U+202E>xyz')
  expect(visible('\uD800x')).toBe('�x')
})

test.each([
  ['a zero-width space', '\u200B'],
  ['a zero-width non-joiner', '\u200C'],
  ['a zero-width joiner', '\u200D'],
  ['a word joiner', '\u2060'],
  ['a byte order mark', '\uFEFF'],
  ['a soft hyphen', '\u00AD'],
  ['an invisible times', '\u2062'],
  ['a Hangul filler', '\u3164'],
  ['a variation selector', '\uFE00'],
  ['a supplementary variation selector', '\u{E0100}'],
  ['a tag letter', '\u{E0041}'],
  ['a direction mark', '\u200F'],
  ['an override', '\u202E'],
  ['an isolate', '\u2066'],
])('%s between letters is shown', (_name, mark) => {
  const code = mark.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  expect(visible(`admin${mark}s`)).toBe(`admin<U+${code}>s`)
  expect(visibleLine(`${mark}${mark}`)).toBe(`<U+${code}><U+${code}>`)
})

test('colours go away, line breaks and tabs stay', () => {
  expect(visible('\u001B[31mred\u001B[0m\r\n\tnext')).toBe('red\n\tnext')
})

test('a name takes one line', () => {
  expect(visibleLine('a\n  b\tc')).toBe('a ⏎ b c')
})

test('ordinary text in any language is left alone', () => {
  const text = 'naïve – 日本語 עברית 👩‍👩‍👧 “quoted” ❤️ 👩🏽‍🚀 1️⃣ می‌خواهم क्‍ष 葛\u{E0100} 🏴󠁧󠁢󠁥󠁮󠁧󠁿'
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
