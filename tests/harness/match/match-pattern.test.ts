import { expect, test } from 'vitest'
import { matchPattern } from '../../../harness/match/match-pattern.ts'

test.each([
  ['one repetition', '^a+b$', 'aaab', 'aaac'],
  ['several', String.raw`^\p{L}+ .* (\d{2,3})?$`, 'été is 12', '1 is 12'],
  ['none', 'b', 'abc', 'ac'],
  ['a long text', '^a+$', 'a'.repeat(5_000), `${'a'.repeat(5_000)}b`],
])('a pattern with %s is matched as anywhere else', (_name, pattern, matching, other) => {
  expect(matchPattern(pattern, matching)).toBe(true)
  expect(matchPattern(pattern, other)).toBe(false)
})

test.each([
  ['(a+)+$', `${'a'.repeat(60)}!`],
  ['^(a|a)*$', `${'a'.repeat(60)}!`],
  ['(a*)*\\1b', 'a'.repeat(60)],
])('%s is given up on, and the next pattern is matched', (pattern, text) => {
  expect(matchPattern(pattern, text)).toBe('timed-out')
  expect(matchPattern('^a.*b+$', 'axb')).toBe(true)
})
