import { expect, test } from 'vitest'
import { seededRandom } from '../../../harness/world/seeded-random.ts'

// A seed that is written down in a scenario has to mean the same after every change of ours. The numbers were computed
// by an independent Mulberry32, in integers without `Math.imul`.
test.each([
  [0, [1_144_304_738, 1_416_247, 958_946_056]],
  [1, [2_693_262_067, 11_749_833, 2_265_367_787]],
  [4_294_967_295, [3_850_105_811, 813_802_916, 3_073_704_848]],
])('the seed %d gives the numbers it has always given', (seed, expected) => {
  const random = seededRandom(seed)
  expect(expected.map(() => random() * 4_294_967_296)).toEqual(expected)
})

test('numbers are at least 0 and below 1', () => {
  const random = seededRandom(7)
  const drawn = Array.from({ length: 10_000 }, random)
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...drawn)).toBeLessThan(1)
})
