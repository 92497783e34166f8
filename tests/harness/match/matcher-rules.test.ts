import { expect, test } from 'vitest'
import { patternRule, wrongMatchers } from '../../../harness/match/matcher-rules.ts'

test.for(['', '.*', '^', '$', '^.*$', '[^]*', '^[^]*$', 'x*', '.?', String.raw`[\s\S]*`])(
  '%j is matched by every text',
  (pattern) => {
    expect(patternRule(pattern)).toBe('a regular expression that not every text matches')
  },
)

test.for([
  '.',
  '.+',
  '^$',
  '^x*$',
  '^[^\\n]*$',
  '^[^,]*$',
  '^[ -~]*$',
  '^(?!no)',
  '^a|b*$',
  'no stock',
  '^.{0,40}$',
])('%j is not', (pattern) => {
  expect(patternRule(pattern)).toBeUndefined()
})

test('a pattern with groups is believed: to try it could take for ever', () => {
  expect(patternRule('(?:(.+)+\\u0001)?')).toBeUndefined()
})

test('matchers in data are found at any depth, each with its place', () => {
  const data = {
    a: [{ b: { matches: '(' } }],
    c: { contains: ['x', ''] },
    matches: 1,
    d: { matches: 'x', e: 1 },
  }
  expect(wrongMatchers(data)).toEqual([
    { path: ['a', '0', 'b', 'matches'], expected: 'a regular expression' },
    { path: ['c', 'contains'], expected: 'text or a list of texts, none of them empty' },
  ])
})
