import { expect, test } from 'vitest'
import { isPlainJson } from '../../../src/base/plain-json.ts'

const nested = (levels: number): unknown => (levels === 0 ? 'end' : [nested(levels - 1)])

test.each([
  [null],
  [''],
  [0],
  [[1, { a: [true] }]],
  [Object.assign(Object.create(null) as object, { a: 1 })],
])('%j is plain', (value) => {
  expect(isPlainJson(value, { depthMax: 3 })).toBe(true)
})

test.each([
  [undefined],
  [Number.NaN],
  [-0],
  [7n],
  [new Date(0)],
  [new Map()],
  [{ a: undefined }],
  [[() => 1]],
  // oxlint-disable-next-line eslint/no-sparse-arrays -- a hole is what is tried
  [[1, , 2]],
])('%o is not', (value) => {
  expect(isPlainJson(value, { depthMax: 3 })).toBe(false)
})

test('a look ends at each of its limits, and a cycle at the depth', () => {
  expect(isPlainJson(nested(3), { depthMax: 3 })).toBe(true)
  expect(isPlainJson(nested(4), { depthMax: 3 })).toBe(false)
  expect(isPlainJson([1, 2], { depthMax: 3, valuesMax: 2 })).toBe(true)
  expect(isPlainJson([1, 2], { depthMax: 3, valuesMax: 1 })).toBe(false)
  expect(isPlainJson(['ab'], { depthMax: 3, charsMax: 2 })).toBe(true)
  expect(isPlainJson(['ab'], { depthMax: 3, charsMax: 1 })).toBe(false)
  const cycle: unknown[] = []
  cycle.push(cycle)
  expect(isPlainJson(cycle, { depthMax: 100 })).toBe(false)
})
