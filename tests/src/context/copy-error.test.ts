import { expect, test } from 'vitest'
import { CopyError } from '../../../src/context/copy-error.ts'
import { isolate } from '../../../src/context/isolate.ts'

const broken = {
  get price(): never {
    throw new Error('no price')
  },
}

function errorOf(value: object): Error {
  try {
    isolate(value)
  } catch (error) {
    return error as Error
  }
  throw new Error('the value could be copied')
}

const messageOf = (value: object): string => errorOf(value).message

test('the error of a copy is not worth another attempt, and has a code', () => {
  const error = errorOf(broken)
  expect(error).toBeInstanceOf(CopyError)
  expect(error).toMatchObject({ name: 'CopyError', code: 'E_COPY', retryable: false })
})

const shared = { fine: true }
const ring: Record<string, unknown> = {}
ring['self'] = ring
ring['broken'] = broken

test.for<[string, object, string]>([
  ['at the top', broken, '.price'],
  ['below', { items: [{}, { deep: broken }] }, '.items[1].deep.price'],
  ['under a symbol', { [Symbol('tag')]: broken }, '[Symbol(tag)].price'],
  ['behind what is shared', { a: shared, b: shared, c: broken }, '.c.price'],
  ['behind nothing and texts', { a: null, b: 'x', c: undefined, d: broken }, '.d.price'],
  ['in a cycle', ring, '.broken.price'],
])('a part that throws %s is named', ([, value, part]) => {
  expect(messageOf(value)).toBe(
    `Expected plain data that can be copied, got a value whose part ${part} cannot be read: no price`,
  )
})

test('a value that tells nothing about itself has no part to name', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(messageOf({ proxy })).toMatch(
    /^Expected plain data that can be copied, got a value whose part \.proxy cannot be read: /,
  )
  expect(messageOf(proxy)).toMatch(
    /^Expected plain data that can be copied, got a value that cannot be read: /,
  )
})

test('after ten thousand objects the search is over, and the error still says what happened', () => {
  const behind = (count: number): object => ({
    items: Array.from({ length: count }, () => ({})),
    last: { broken },
  })
  expect(messageOf(behind(9_000))).toContain('part .last.broken.price cannot be read: no price')
  expect(messageOf(behind(10_000))).toBe(
    'Expected plain data that can be copied, got a value that cannot be read: no price',
  )
})

test('a part that is shared is searched once, however many ways lead to it', () => {
  let reads = 0
  const leaf = {
    get count(): number {
      return reads++
    },
    broken,
  }
  let graph: object = leaf
  for (let level = 0; level < 10; level++) graph = { left: graph, right: graph }
  expect(messageOf(graph)).toContain(`part ${'.left'.repeat(10)}.broken.price`)
  // Once by the copy, once by the search.
  expect(reads).toBe(2)
})

test('a million bytes are not looked at one by one', () => {
  expect(messageOf({ bytes: new Uint8Array(1_000_000), broken })).toContain('part .broken.price')
})
