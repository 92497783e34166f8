import { expect, test } from 'vitest'
import { isolate } from '../../../src/context/isolate.ts'
import { unchanged } from '../../../src/context/unchanged.ts'

const shared = { deep: [1] }
const tag = Symbol('tag')

/** What a context may hold, and everything a step could do to its copy of it. */
const values: readonly [string, unknown, readonly ((copy: never) => unknown)[]][] = [
  ['a number', 5, [() => 6, () => '5', () => null, () => undefined, () => ({})]],
  ['NaN', Number.NaN, [() => 0]],
  ['nothing', null, [() => undefined, () => ({}), () => 0]],
  ['undefined', undefined, [() => null, () => ({})]],
  [
    'an object',
    { a: 1, b: { c: 'x' } },
    [
      (copy: { a: number }) => void (copy.a = 2),
      (copy: { b: { c: string } }) => void (copy.b.c = 'y'),
      (copy: { b: unknown }) => void (copy.b = null),
      (copy: { b: unknown }) => void (copy.b = undefined),
      (copy: { b: unknown }) => void (copy.b = 'x'),
      (copy: { b?: unknown }) => void delete copy.b,
      (copy: { d: unknown }) => void (copy.d = undefined),
      (copy: { a: number; b: unknown }) => ({ b: copy.b, a: copy.a }),
      (copy: { a: number; b: unknown }) => ({ a: copy.a, c: copy.b }),
      (copy: object) => Object.setPrototypeOf(copy, null) as object,
      () => [1, { c: 'x' }],
      () => null,
    ],
  ],
  [
    'an object without a prototype',
    Object.assign(Object.create(null) as object, { a: 1 }),
    [(copy: { a: number }) => void (copy.a = 2)],
  ],
  [
    'a key that is a symbol',
    { [tag]: 1 },
    [(copy: { [tag]: number }) => void (copy[tag] = 2), (copy: { [tag]?: number }) => void delete copy[tag]],
  ],
  [
    'a list',
    [1, 2, 3],
    [
      (copy: number[]) => void copy.push(4),
      (copy: number[]) => void copy.pop(),
      (copy: number[]) => void (copy[2] = 4),
      (copy: number[]) => void (copy[0] = 4),
      (copy: number[]) => copy.toReversed(),
      (copy: number[]) => void Reflect.deleteProperty(copy, 1),
      () => new Set([1, 2, 3]),
    ],
  ],
  ['a list with a hole', Object.assign([1], { 2: 3 }), [(copy: unknown[]) => void (copy[1] = undefined)]],
  [
    'a map',
    new Map<unknown, unknown>([
      ['a', { n: 1 }],
      [{ key: 1 }, 'b'],
    ]),
    [
      (copy: Map<unknown, unknown>) => void copy.set('c', 1),
      (copy: Map<unknown, unknown>) => void copy.set('a', { n: 2 }),
      (copy: Map<unknown, { n: number }>) => void (copy.get('a')!.n = 2),
      (copy: Map<unknown, unknown>) => void copy.delete('a'),
      (copy: Map<unknown, unknown>) =>
        new Map([...copy].map(([key, item], at) => [at === 0 ? 'z' : key, item])),
      (copy: Map<unknown, unknown>) => new Map([...copy].toReversed()),
      () => new Map(),
      () => ({}),
    ],
  ],
  [
    'a set',
    new Set([1, 2]),
    [
      (copy: Set<number>) => void copy.add(3),
      (copy: Set<number>) => void copy.delete(2),
      (copy: Set<number>) => (copy.delete(2), copy.add(3)),
      (copy: Set<number>) => (copy.delete(1), copy.add(1)),
    ],
  ],
  ['a date', new Date(5), [(copy: Date) => void copy.setTime(6), () => new Date(Number.NaN), () => ({})]],
  ['a date that is none', new Date(Number.NaN), [(copy: Date) => void copy.setTime(0)]],
  [
    'bytes',
    Buffer.from('tides'),
    [(copy: Buffer) => void (copy[4] = 0), () => Buffer.from('tide'), () => Buffer.alloc(0)],
  ],
  [
    'numbers',
    new Float64Array([1, 2]),
    [
      (copy: Float64Array) => void (copy[1] = 3),
      () => new Float64Array([1]),
      () => Object.create(Float64Array.prototype) as object,
    ],
  ],
  [
    'a part of bytes',
    new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
    [(copy: Uint8Array) => void (copy[0] = 9)],
  ],
  [
    'a buffer of bytes',
    new Uint8Array([1, 2]).buffer,
    [(copy: ArrayBuffer) => void (new Uint8Array(copy)[1] = 3)],
  ],
  ['a part that is there twice', [shared, shared], [(copy: object[]) => void (copy[1] = { deep: [1] })]],
]

test.each(values)('%s that was only copied is unchanged', (_what, value) => {
  expect(unchanged(value, isolate(value))).toBe(true)
})

const changes = values.flatMap(([what, value, all]) =>
  all.map((change) => [what, String(change), value, change] as const),
)

test.each(changes)('%s is changed by %s', (_what, _change, value, change) => {
  const copy = isolate(value)
  const instead = change(copy as never)
  expect(
    unchanged(value, instead === undefined && typeof value === 'object' && value !== null ? copy : instead),
  ).toBe(false)
})

test('a cycle is followed once', () => {
  const ring: { next?: unknown; list: unknown[] } = { list: [] }
  ring.next = ring
  ring.list.push(ring)
  const copy = isolate(ring)
  expect(unchanged(ring, copy)).toBe(true)
  copy.list.push(1)
  expect(unchanged(ring, copy)).toBe(false)
})

test('an instance of a class is shared and so never changed; another one is a change', () => {
  class Counter {
    count = 0
  }
  const counter = new Counter()
  expect(unchanged({ counter }, isolate({ counter }))).toBe(true)
  expect(unchanged({ counter }, { counter: new Counter() })).toBe(false)
  expect(unchanged({ counter }, { counter: {} })).toBe(false)
})
