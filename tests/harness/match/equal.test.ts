import { runInNewContext } from 'node:vm'
import { step } from 'shakedown'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredJson } from '../../../harness/faults/grammar/json.ts'
import { equalsWritten, holdsWritten } from '../../../harness/match/equal.ts'

class Order {
  readonly id?: number
  constructor(id?: number) {
    if (id !== undefined) this.id = id
  }
}

class Stack extends Array<number> {}

const seven = Object.assign([7], { index: 0 })

test.for<[what: string, actual: unknown, looksLike: StoredJson]>([
  ['an instance of a class', new Order(), {}],
  ['an instance with data', new Order(7), { id: 7 }],
  ['an error', new Error('no'), {}],
  ['a map', new Map(), {}],
  ['a map with entries', new Map([['id', 7]]), {}],
  ['a set', new Set([7]), {}],
  ['a date', new Date(0), {}],
  ['a date as its text', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['a response', new Response('no', { status: 500 }), {}],
  ['a promise', Promise.resolve(7), {}],
  ['a regular expression', /x/, {}],
  ['a boxed number', Object(7), 7],
  ['a boxed text', Object('x'), ['x']],
  ['a buffer', Buffer.from([7]), [7]],
  ['a typed list', new Uint8Array([7]), [7]],
  ['a list of a class', Stack.from([7]), [7]],
  ['a list with a further property', seven, [7]],
  ['a list with a hole', Array(1), [null]],
  ['something that says it is data', { toJSON: () => ({}) }, {}],
  ['an object with a symbol', { [Symbol('x')]: 1 }, {}],
  ['an object with a hidden key', Object.defineProperty({}, 'id', { value: 7 }), {}],
  ['an object with the same key, hidden', Object.defineProperty({}, 'id', { value: 7 }), { id: 7 }],
  ['an object with a key of its prototype', Object.create({ id: 7 }), { id: 7 }],
  ['the namespace Math', Math, {}],
  ['a function', () => {}, {}],
  ['nothing', undefined, null],
  ['not a number', Number.NaN, null],
  ['minus zero', -0, 0],
  ['a bigint', 7n, 7],
  ['one key more', { id: 7, sent: false }, { id: 7 }],
  ['one key less', {}, { id: 7 }],
  ['a list for an object', [], {}],
  ['an object for a list', {}, []],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('no')
        },
      },
    ),
    {},
  ],
])('%s equals nothing that a file can say', ([, actual, looksLike]) => {
  expect(equalsWritten(actual, looksLike)).toBe(false)
  expect(equalsWritten({ deep: [actual] }, { deep: [looksLike] })).toBe(false)
})

test.for<[what: string, actual: unknown, written: StoredJson]>([
  ['an empty object', {}, {}],
  ['an object without a prototype', Object.assign(Object.create(null), { id: 7 }), { id: 7 }],
  ['an object of another realm', runInNewContext('({ id: 7, list: [1] })'), { id: 7, list: [1] }],
  ['a frozen object', Object.freeze({ id: 7 }), { id: 7 }],
  ['a property that is undefined', { id: 7, note: undefined }, { id: 7 }],
  ['a symbol that is undefined', { id: 7, [Symbol('note')]: undefined }, { id: 7 }],
  ['another order of keys', { b: 1, a: 2 }, { a: 2, b: 1 }],
])('%s equals what it looks like', ([, actual, written]) => {
  expect(equalsWritten(actual, written)).toBe(true)
})

test('data equals itself and nothing else', () => {
  const data = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as StoredJson)
  fc.assert(
    fc.property(data, data, (one, other) => {
      expect(equalsWritten(structuredClone(one), one)).toBe(true)
      expect(equalsWritten(one, other)).toBe(JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)))
    }),
  )
})

test('a part leaves other keys free, and lets anything have those that it names', () => {
  expect(holdsWritten({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1 } })).toBe(true)
  expect(holdsWritten({ a: { b: new Order(7) } }, { a: { b: { id: 7 } } })).toBe(true)
  expect(holdsWritten({ a: { b: new Order(7) } }, { a: { b: { id: 8 } } })).toBe(false)
  expect(holdsWritten(new Response('no', { status: 503 }), { status: 503, ok: false })).toBe(true)
  expect(holdsWritten({ a: new Order(7) }, { a: {} })).toBe(false)
  expect(holdsWritten([7], { 0: 7 })).toBe(false)
  expect(holdsWritten({ a: [1, 2] }, { a: [1] })).toBe(false)
  expect(holdsWritten(Math, {})).toBe(false)
  expect(holdsWritten(Object.setPrototypeOf([7], Object.prototype), { 0: 7 })).toBe(false)
  expect(holdsWritten(Object.defineProperty({}, 'id', { value: 7 }), { id: 7 })).toBe(true)
})

test('the arguments of a function are no object that a file can name a part of, and what throws holds nothing', () => {
  const given = (function given(..._: readonly number[]) {
    return arguments
  })(7)
  expect(given[0]).toBe(7)
  expect(holdsWritten(given, { 0: 7 })).toBe(false)
  const throwing = {
    get id(): number {
      throw new Error('no')
    },
  }
  expect(holdsWritten(throwing, { id: 7 })).toBe(false)
})

test.for<[output: () => unknown, shown: string]>([
  [() => new Order(7), 'Order { id: 7 }'],
  [() => new Map([['id', 7]]), "Map(1) { 'id' => 7 }"],
  [() => ({ total: 10n }), '{ total: 10n }'],
  [() => new Date(0), 'the Date 1970-01-01T00:00:00.000Z'],
  [() => new RangeError('too far'), 'the error RangeError: too far'],
  [() => undefined, 'undefined'],
  [() => ({ send() {} }), '{ send: [Function: send] }'],
])('an output that is no data is shown by what it is', async ([output, text]) => {
  const subject = async (_: unknown, ports: Ports): Promise<unknown> => ports.fn('make', output)()
  const { problems } = await runScenario(scenario('x').subject(subject).input(null).expect({ output: {} }))
  expect(problems.map(({ message }) => message)).toEqual([`Expected output to be {}, got ${text}.`])
})

test('errors in the results of parts are data', async () => {
  const node = step('a', () => Promise.reject(new TypeError('no'))).fallback(step('b', () => 1))
  const parts = scenario('parts').subject(node).input(null)
  const named = (name: string) =>
    runScenario(parts.expect({ children: { primary: { error: { name, message: 'no' } } } }))
  expect((await named('TypeError')).problems).toEqual([])
  expect((await named('Error')).problems).toMatchObject([
    { message: expect.stringContaining('got {"error":{"name":"TypeError","message":"no"}}.') },
  ])
})

/** With its keys in order, so that equal data has equal text. */
function sorted(value: StoredJson): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value as Record<string, StoredJson>).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { of: entries.map(([key, item]) => [key, sorted(item)]) }
}

test('what every object has from Object.prototype is no data of a value', () => {
  const written = JSON.parse('{ "__proto__": {} }') as StoredJson
  expect(holdsWritten({ id: 7 }, written)).toBe(false)
  expect(holdsWritten(new Order(7), written)).toBe(false)
  expect(holdsWritten(written, written)).toBe(true)
  expect(holdsWritten(new Response('no', { status: 500 }), { status: 500 })).toBe(true)
})
