import { expect, test } from 'vitest'
import { growthLine } from './growth.ts'

const growth = { name: 'appends', unit: 'step', sizes: [250, 1_000, 4_000], unitUs: [2, 2.2, 2.6] }

test('a unit that costs 1.3 times as much in the largest size is flat, one that costs more is missed', () => {
  expect(growthLine({ ...growth, ratio: 1.3 })).toMatch(/2\.60 µs at 4,000 +1\.30× +ok/)
  expect(growthLine({ ...growth, ratio: 1.31 })).toMatch(/1\.31× +MISSED/)
})
