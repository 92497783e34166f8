import { expect, test } from 'vitest'
import { firstInline, firstOf } from '../../../src/base/listed.ts'

test('a list that fits is whole; of one that does not the rest is counted', () => {
  expect(firstOf(['a', 'b'], 2)).toEqual(['a', 'b'])
  expect(firstOf(['a', 'b', 'c'], 2)).toEqual(['a', 'b', '… and 1 more'])
  expect(firstInline(['a', 'b'], 2)).toBe('a, b')
  expect(firstInline(['a', 'b', 'c'], 2)).toBe('a, b and 1 more')
})

test('what was cut before counts, too', () => {
  expect(firstOf(['a', 'b'], 2, 7)).toEqual(['a', 'b', '… and 5 more'])
})
