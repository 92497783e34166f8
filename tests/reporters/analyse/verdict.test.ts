import { expect, test } from 'vitest'
import { missingShards } from '../../../reporters/analyse/verdict.ts'
import { runStarted } from '../support/events.ts'

type Shard = readonly [index: number, count: number]

const missing = (...shards: readonly (Shard | null)[]): number =>
  missingShards(
    shards.map((shard) => {
      const started = runStarted({ shard: shard === null ? null : { index: shard[0], count: shard[1] } })
      return { started } as Parameters<typeof missingShards>[0][number]
    }),
  )

test('the shards that are missing are those of the largest count that any of them announced', () => {
  expect(missing([1, 4], [2, 4], [4, 4])).toBe(1)
  expect(missing([1, 2], [2, 4])).toBe(2)
  expect(missing([2, 4], [1, 2])).toBe(2)
})

test('a shard that came twice is one of them, and a run that is no shard is none', () => {
  expect(missing([1, 3], [1, 3], [2, 3])).toBe(1)
  expect(missing([1, 2], null)).toBe(1)
  expect(missing(null, null)).toBe(0)
})

test('one shard alone lacks none, nor do more than were announced', () => {
  expect(missing([1, 4])).toBe(0)
  expect(missing([1, 1], [2, 1])).toBe(0)
})
