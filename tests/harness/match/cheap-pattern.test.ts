import { expect, test } from 'vitest'
import { isCheap } from '../../../harness/match/cheap-pattern.ts'

test.for(['', 'b', '^b$', 'a+', 'a*b', '^ab?', '[abc]+d', String.raw`\d+ `])(
  '%j has one repetition at most, and is matched directly',
  (pattern) => {
    expect(isCheap(pattern, 'ab')).toBe(true)
  },
)

test.for(['a+b+', 'a*?', '(a', 'a)', 'a|b', 'a{2}', '(a+)+$', 'a+(b', 'a+|b', 'a+{', 'a+b)'])(
  '%j may have to try in turns, and is watched',
  (pattern) => {
    expect(isCheap(pattern, 'ab')).toBe(false)
  },
)

test('a text of 2 000 letters is matched directly, a longer one is watched', () => {
  expect(isCheap('a+b', 'a'.repeat(2_000))).toBe(true)
  expect(isCheap('a+b', 'a'.repeat(2_001))).toBe(false)
})
