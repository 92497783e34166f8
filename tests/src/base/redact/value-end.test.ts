import { expect, test } from 'vitest'
import { afterQuoted, afterWord } from '../../../../src/base/redact/value-end.ts'

const raw = String.raw

test.for<[what: string, text: string, value: string]>([
  ['a blank', 'abc def', 'abc'],
  ['a quote', 'abc"def', 'abc'],
  ['what separates values', 'abc;def', 'abc'],
  ['a comma and a blank', 'abc, def', 'abc'],
  ['a comma and the next name', 'abc,def=1', 'abc'],
  ['a comma at the end', 'abc,', 'abc'],
  ['the end, with a comma inside', 'abc,1,2', 'abc,1,2'],
  ['the punctuation after it', 'abc).', 'abc'],
  ['the backslash of a quote that is escaped', raw`abc\"`, 'abc'],
  ['the punctuation after it, of which 16 go', `a${')'.repeat(20)}`, 'a))))'],
  ['nothing', '', ''],
])('a word ends before %s', ([, text, value]) => {
  expect(text.slice(0, afterWord(text, 0))).toBe(value)
  expect(afterWord(`password=${text}`, 9)).toBe(9 + value.length)
})

test.for<[what: string, open: string, text: string, value: string]>([
  ['the quote that closes it', '"', 'abc" def"', 'abc'],
  ['its own kind of quote', "'", `a"c' d`, 'a"c'],
  ['a line feed', '"', 'abc\ndef"', 'abc'],
  ['a carriage return', '"', 'abc\rdef"', 'abc'],
  ['the end of the text', '"', 'abc', 'abc'],
  ['the quote after one that is escaped', '"', raw`a\"c" d`, raw`a\"c`],
  ['the quote after a backslash that is escaped', '"', raw`ab\\" d"`, raw`ab\\`],
  ['the quote after an escaped backslash and an escaped quote', '"', raw`a\\\"c" d`, raw`a\\\"c`],
  ['the quote right after it began', '"', '" d', ''],
  ['the escaped quote, in JSON inside JSON', raw`\"`, raw`abc\", \"d`, 'abc'],
  ['the escaped quote, after one that is escaped twice', raw`\"`, raw`a\\\"c\", d`, raw`a\\\"c`],
  ['the escaped quote, after a backslash that is escaped twice', raw`\"`, raw`ab\\\\\", d\"`, raw`ab\\\\`],
  ['a quote with fewer backslashes', raw`\"`, raw`abc" d\"`, 'abc'],
  ['the quote that is escaped twice', raw`\\\"`, raw`abc\\\", d`, 'abc'],
  ['a quote with fewer backslashes than that', raw`\\\"`, raw`abc\" d`, 'abc'],
])('a quoted value ends before %s', ([, open, text, value]) => {
  const whole = `password=${open}${text}`
  const start = whole.length - text.length
  expect(whole.slice(start, afterQuoted(whole, start, open))).toBe(value)
})
