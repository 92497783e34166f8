import { expect, test } from 'vitest'
import { isolate } from '../../../src/context/isolate.ts'

test.for([
  ['nested plain data', { a: [1, { b: 'x' }], c: null, d: undefined }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 })],
  ['a map and a set', { map: new Map([[{ k: 1 }, new Set([1, 2])]]) }],
  ['a date', new Date(5)],
  ['a Buffer, which stays one', Buffer.from('tides')],
  ['a typed array', new Float64Array([1.5, 2.5])],
  ['an array with holes', Object.assign([1], { 3: 4 })],
  ['what a regular expression matched', /(?<year>\d+)/u.exec('in 2026')],
] as const)('%s is copied, deeply equal and unshared', ([, value]) => {
  const copy = isolate(value as unknown)
  expect(copy).toStrictEqual(value)
  expect(copy).not.toBe(value)
})

test('cycles are kept, inside the copy', () => {
  const value: { self?: unknown; list: unknown[] } = { list: [] }
  value.self = value
  value.list.push(value)
  const copy = isolate(value)
  expect(copy.self).toBe(copy)
  expect(copy.list[0]).toBe(copy)
  expect(copy).not.toBe(value)
})

test('a key named __proto__ stays a key', () => {
  const copy = isolate(JSON.parse('{"__proto__":{"admin":true}}') as { admin?: boolean })
  expect(copy.admin).toBeUndefined()
  expect(Object.keys(copy)).toEqual(['__proto__'])
})

class Counter {
  #count = 0
  next = (): number => ++this.#count
}

test.for([
  ['a function', () => 1],
  ['an instance of a class', new Counter()],
  ['an array of a subclass', new (class extends Array<number> {})(1, 2)],
] as const)('%s is shared: nobody but its class can copy it rightly', ([, value]) => {
  expect(isolate({ value }).value).toBe(value)
})

test.for<[string, unknown[]]>([
  ['a hole at the start', Object.assign([], { 2: 3 })],
  ['holes and nothing else', Object.assign([], { length: 3 })],
  ['a hole at the end', Object.assign([1], { length: 4 })],
  ['a key of its own', Object.assign([1, { a: 1 }], { note: { text: 'x' } })],
  ['as many keys as items, one of them no index', Object.assign([1], { x: 1, length: 2 })],
  ['a symbol', Object.assign([1], { [Symbol.for('tag')]: { n: 1 } })],
])('an array with %s is copied with every property as it was', ([, value]) => {
  const copy = isolate(value)
  expect(Object.getOwnPropertyDescriptors(copy)).toEqual(Object.getOwnPropertyDescriptors(value))
  expect(copy).toStrictEqual(value)
  copy[0] = 'written'
  expect(value[0]).not.toBe('written')
})
