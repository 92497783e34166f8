import { serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { CopyError } from '../../../src/context/copy-error.ts'
import { isolate } from '../../../src/context/isolate.ts'

test.for([
  ['nested plain data', { a: [1, { b: 'x' }], c: null, d: undefined }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 })],
  ['a list with nothing in some places', ['x', null, undefined, {}]],
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

/** Objects, lists, maps and sets that hold each other at random: shared, in cycles, with holes. */
const graphs = fc
  .array(
    fc.record({
      kind: fc.constantFrom('object', 'list', 'map', 'set'),
      text: fc.string(),
      to: fc.array(fc.nat(20), { maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((nodes) => {
    const made = nodes.map(({ kind, text }): object => {
      if (kind === 'map') return new Map([['text', text]])
      if (kind === 'set') return new Set([text])
      return kind === 'list' ? Object.assign([text], { 3: text.length }) : { text, ['__proto__']: 1 }
    })
    for (const [index, { to }] of nodes.entries()) {
      const from = made[index]
      for (const target of to.map((nth) => made[nth % made.length])) {
        if (from instanceof Map) from.set(target, target)
        else if (from instanceof Set) from.add(target)
        else if (Array.isArray(from)) from.push(target)
        else Object.assign(from!, { [`to ${Object.keys(from!).length}`]: target })
      }
    }
    return made[0]
  })

test('whatever the shape, the copy has the same, shared parts and cycles at the same places', () => {
  fc.assert(
    // The bytes tell which part is which: two equal parts are written twice, one shared part once.
    fc.property(graphs, (graph) => serialize(isolate(graph)).equals(serialize(graph))),
    { numRuns: 500 },
  )
})

test('symbols, parts without a prototype and what they hold are copied', () => {
  const tag = Symbol('tag')
  const bare = Object.assign(Object.create(null) as object, { inside: { n: 1 } })
  const value = { [tag]: { n: 1 }, bare }
  const copy = isolate(value)
  expect(copy).toStrictEqual(value)
  expect(copy[tag]).not.toBe(value[tag])
  expect(Object.getPrototypeOf(copy.bare)).toBeNull()
  expect(copy.bare.inside).not.toBe(bare.inside)
})

test('a getter is read once and becomes a value, and what cannot be listed stays behind', () => {
  let reads = 0
  const value = Object.defineProperty(
    {
      get n() {
        return { read: ++reads }
      },
    },
    'hidden',
    { value: 1 },
  )
  const copy = isolate(value)
  expect(Object.getOwnPropertyDescriptors(copy)).toEqual({
    n: { value: { read: 1 }, enumerable: true, writable: true, configurable: true },
  })
})

test('a key that somebody added to all objects is not made the copy’s own', () => {
  onTestFinished(() => void Reflect.deleteProperty(Object.prototype, 'everywhere'))
  Object.assign(Object.prototype, { everywhere: { shared: true } })
  expect(Object.keys(isolate({ mine: 1 }))).toEqual(['mine'])
})

test('a graph that shares itself 30 levels deep is copied at once', () => {
  let graph: object = { leaf: true }
  for (let level = 0; level < 30; level++) graph = { left: graph, right: graph }
  const copy = isolate(graph) as { left: unknown; right: unknown }
  expect(copy.left).toBe(copy.right)
})

test('a value nested too deeply to be copied is refused in words', () => {
  let deep: object = {}
  for (let level = 0; level < 100_000; level++) deep = { deep }
  expect(() => isolate(deep)).toThrow(CopyError)
})
