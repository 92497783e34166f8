import { expect, test } from 'vitest'
import { jsonText } from '../../../src/audit/json-text.ts'

function boom(): never {
  throw new Error('boom')
}

class Order {
  readonly id = 7
  readonly #secret = 'hidden'
  get secret(): string {
    return this.#secret
  }
}

const cyclic: { name: string; self?: unknown; list?: unknown[] } = { name: 'root' }
cyclic.self = cyclic
cyclic.list = [{ up: cyclic }]

const twice = { shared: true }

test.for<[string, unknown, string]>([
  ['text', 'a "quoted"\nline', '"a \\"quoted\\"\\nline"'],
  ['plain data', { a: [1, true, null, { b: 'c' }] }, '{"a":[1,true,null,{"b":"c"}]}'],
  ['undefined', undefined, '"[undefined]"'],
  ['undefined inside', { a: undefined, b: [undefined] }, '{"a":"[undefined]","b":["[undefined]"]}'],
  ['a hole in a list', [1, , 2], '[1,"[undefined]",2]'], // oxlint-disable-line no-sparse-arrays -- holes are the point
  ['numbers JSON has no word for', [Number.NaN, Infinity, -Infinity], '["[NaN]","[Infinity]","[-Infinity]"]'],
  ['a big integer', { n: 12n }, '{"n":"12n"}'],
  [
    'a function',
    {
      retry: boom,
      anonymous: (
        () => () =>
          1
      )(),
    },
    '{"retry":"[Function boom]","anonymous":"[Function (anonymous)]"}',
  ],
  ['a symbol', Symbol('tide'), '"[Symbol(tide)]"'],
  ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ['a date that is none', new Date(Number.NaN), '"[Invalid Date]"'],
  [
    'a map',
    new Map<unknown, unknown>([
      ['a', 1],
      [{ k: 1 }, undefined],
    ]),
    '{"[Map]":[["a",1],[{"k":1},"[undefined]"]]}',
  ],
  ['a set', new Set([1, 'a']), '{"[Set]":[1,"a"]}'],
  ['a regular expression', /a"b/gi, '"[RegExp /a\\"b/gi]"'],
  ['bytes, which are not shown', new Uint8Array(32), '"[Uint8Array of 32 bytes]"'],
  ['a buffer of bytes', new ArrayBuffer(8), '"[ArrayBuffer of 8 bytes]"'],
  ['a promise', { p: Promise.resolve(1) }, '{"p":"[Promise]"}'],
  ['a boxed text', Object('boxed'), '"boxed"'],
  [
    'an object that knows its JSON',
    { url: new URL('https://example.com/a') },
    '{"url":"https://example.com/a"}',
  ],
  ['an object of a class', new Order(), '{"id":7}'],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  [
    'a key named like the prototype',
    JSON.parse('{"__proto__":{"a":1},"n":null}'),
    '{"__proto__":{"a":1},"n":null}',
  ],
  ['a cycle', cyclic, '{"name":"root","self":"[cyclic: $]","list":[{"up":"[cyclic: $]"}]}'],
  [
    'one object in two places, which is no cycle',
    [twice, { twice }, 1n],
    '[{"shared":true},{"twice":{"shared":true}},"1n"]',
  ],
  [
    'a getter that throws',
    {
      ok: 1,
      get bad() {
        return boom()
      },
    },
    '{"ok":1,"bad":"[unreadable: boom]"}',
  ],
  ['a toJSON that throws', { toJSON: boom }, '"[unreadable: boom]"'],
  [
    'a toJSON that gives back its own object',
    {
      toJSON() {
        return this
      },
    },
    '"[cyclic: $]"',
  ],
  ['a proxy that throws', new Proxy({}, { ownKeys: boom, getPrototypeOf: boom }), '"[unreadable: boom]"'],
  [
    'a proxy that throws something odd',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw undefined
        },
        get: () => undefined,
      },
    ),
    '"[unreadable: undefined was thrown]"',
  ],
])('%s', ([, value, json]) => {
  expect(jsonText(value)).toBe(json)
})

test('a revoked proxy is said to be unreadable', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  expect(jsonText({ proxy })).toMatch(/^\{"proxy":"\[unreadable: .*revoked.*\]"\}$/)
})

test('a getter that answers once and then throws is said to be unreadable', () => {
  let reads = 0
  const value = {
    get once() {
      return reads++ === 0 ? 'yes' : boom()
    },
  }
  expect(jsonText(value)).toBe('{"once":"[unreadable: boom]"}')
})

test('an error keeps its name, text, code, cause, parts and whatever was hung onto it', () => {
  const error = Object.assign(
    new AggregateError([new Error('part')], 'all failed', { cause: 'no network' }),
    {
      code: 'E_ALL',
      attempt: 3,
    },
  )
  const { '[Error]': described } = JSON.parse(jsonText({ error })).error
  expect(described).toMatchObject({
    name: 'AggregateError',
    message: 'all failed',
    code: 'E_ALL',
    cause: 'no network',
    attempt: 3,
    errors: [{ '[Error]': { name: 'Error', message: 'part' } }],
  })
  expect(described.stack).toContain('AggregateError: all failed')
})

test('an error that is its own cause has an end', () => {
  const error = new Error('round')
  error.cause = error
  expect(jsonText(error)).toContain('"cause":"[cyclic: $]"')
})

test('data deeper than anybody reads is cut, and a little less deep is not', () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 'bottom'
    for (let level = 0; level < levels; level++) value = [value]
    return value
  }
  expect(jsonText(nested(64))).toContain('"bottom"')
  expect(jsonText(nested(65))).toContain('"[deeper than 64 levels]"')
})

test('a getter that always makes one more object has an end', () => {
  const endless = (): object => ({
    get next() {
      return endless()
    },
    get other() {
      return endless()
    },
  })
  const json = jsonText({
    get a() {
      return endless()
    },
  })
  expect(json).toContain('[more than 100000 values]')
})

test('large plain data is encoded whole', () => {
  const rows = Array.from({ length: 300_000 }, (_, row) => ({ row, name: `row ${row}` }))
  expect(JSON.parse(jsonText(rows))).toEqual(rows)
})

test('an empty list of four thousand million places has an end', () => {
  const sparse: unknown[] = []
  sparse.length = 4_000_000_000
  expect(jsonText(sparse)).toContain('[more than 100000 values]')
})

/** `levels` objects, each of which holds the next one twice: 2^levels ways to the innermost. */
function sharedGraph(levels: number, innermost: unknown): unknown {
  let graph = innermost
  for (let level = 0; level < levels; level++) graph = { a: graph, b: graph }
  return graph
}

test('data that is shared thirty levels deep is told in part, in no more time than large data', () => {
  const getter = {
    get boom(): never {
      throw new Error('boom')
    },
  }
  const longText = 'x'.repeat(4_000)
  for (const [innermost, lengthMax] of [
    [1, 2_000_000],
    [getter, 2_000_000],
    [longText, 40_000_000],
  ] as const) {
    const json = jsonText(sharedGraph(30, innermost))
    expect(json.startsWith('{"a":{"a":{"a":')).toBe(true)
    expect(json).toMatch(/\[more than \d+ (values|characters)\]/)
    expect(json.length).toBeLessThan(lengthMax)
  }
})

test('a text shared so often that no string could hold the copies is left out where they get too many', () => {
  const json = jsonText(sharedGraph(17, 'x'.repeat(4_000)))
  expect(json).toContain('[more than 16777216 characters]')
  expect(json.length).toBeLessThan(40_000_000)
})

test('a value that throws when it is read counts for twenty, so that a list of them has an early end', () => {
  const thrower = Object.defineProperty({}, 'boom', {
    enumerable: true,
    get: () => {
      throw new Error('no')
    },
  })
  const described = JSON.parse(jsonText(Array.from({ length: 10_000 }, () => thrower))) as unknown[]
  expect(described[0]).toEqual({ boom: '[unreadable: no]' })
  expect(described.at(-1)).toBe('[more than 100000 values]')
  expect(described.length).toBeLessThan(5_000)
})
