import { expect, test } from 'vitest'
import { got } from '../../../src/base/got.ts'

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  ['a "b"', String.raw`"a \"b\""`],
  ['x'.repeat(61), `"${'x'.repeat(60)}"…`],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [7n, '7n'],
  [false, 'false'],
  [Symbol('s'), 'Symbol(s)'],
  [() => 1, 'a function'],
  [[], 'an empty list'],
  [[1], 'a list'],
  [new Map(), 'an object'],
])('%o is called %s', (value, words) => {
  expect(got(value)).toBe(words)
})
