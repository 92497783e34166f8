import { expect, test } from 'vitest'
import { firstRepeated, isSameValue } from '../../../../harness/run/judge/same-value.ts'

const unreadable = (): object =>
  new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no')
      },
    },
  )

test('a value that cannot be read equals only itself', () => {
  const one = unreadable()
  expect(isSameValue(one, one)).toBe(true)
  expect(isSameValue(one, unreadable())).toBe(false)
  expect(firstRepeated([one, unreadable(), one])).toEqual([0, 2])
})

test('the first value that comes again is found with the one it repeats', () => {
  expect(firstRepeated([1, 2, '1', 2, 1])).toEqual([1, 3])
  expect(firstRepeated([{ a: 1, b: 2 }, { a: 1 }, { b: 2, a: 1 }])).toEqual([0, 2])
  expect(firstRepeated([() => 1, () => 1])).toBeUndefined()
  expect(firstRepeated([Number.NaN, Number.NaN])).toEqual([0, 1])
})

test('a function is compared by itself, whatever its text is', () => {
  const mute = Object.assign(() => 1, {
    toString: (): never => {
      throw new Error('no')
    },
  })
  expect(firstRepeated([mute, () => 1, mute])).toEqual([0, 2])
})

// Compared each with each these would take a minute.
test('many values are compared in passing', () => {
  const requests = Array.from({ length: 30_000 }, (_, id) => ({ url: '/orders', body: { lines: [{ id }] } }))
  expect(firstRepeated(requests)).toBeUndefined()
})
