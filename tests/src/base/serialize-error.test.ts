import { describeThrown, serializeError } from 'shakedown'
import { expect, test } from 'vitest'

const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error('trap')
    },
    getPrototypeOf: () => {
      throw new Error('trap')
    },
  },
)
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  return proxy
}

test('an error becomes data: name, message, code, stack and its causes', () => {
  const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E_OUTER' })
  expect(serializeError(error)).toMatchObject({
    name: 'TypeError',
    message: 'outer',
    code: 'E_OUTER',
    cause: { name: 'Error', message: 'inner' },
  })
  expect(serializeError(error).stack).toContain('serialize-error.test')
  expect(JSON.parse(JSON.stringify(serializeError(error)))).toMatchObject({
    stack: expect.stringContaining('TypeError: outer') as string,
  })
})

test.for([
  ['undefined', undefined, 'undefined was thrown'],
  ['null', null, 'null was thrown'],
  ['a string', 'no ink', 'no ink'],
  ['an empty string', '', 'An empty string was thrown'],
  ['a symbol', Symbol('s'), 'Symbol(s) was thrown'],
  ['a proxy that throws', hostile, 'An object without a readable message was thrown'],
  ['a revoked proxy', revoked(), 'An object without a readable message was thrown'],
  ['a frozen error', Object.freeze(new Error('cold')), 'cold'],
] as const)('%s has words, and becomes data', ([, thrown, words]) => {
  expect(describeThrown(thrown)).toBe(words)
  expect(serializeError(thrown).message).toBe(words)
})

test('parts that cannot be read are left out', () => {
  expect(serializeError(Object.assign(new Error('many'), { errors: revoked() })).errors).toBeUndefined()
  const trap = Object.defineProperty([1], 0, {
    get: () => {
      throw new Error('trap')
    },
  })
  expect(serializeError(Object.assign(new Error('many'), { errors: trap }))).toMatchObject({
    message: 'many',
  })
})

test('errors that hold themselves end, however often they do', () => {
  const error = new AggregateError([], 'self')
  error.errors.push(error, error, error, error, error, error)
  error.cause = error
  const text = JSON.stringify(serializeError(error))
  expect(text.length).toBeLessThan(10_000)
  expect(text).toContain('Cyclic')
})

test('aggregates of aggregates are cut, not multiplied', () => {
  const nest = (depth: number): Error =>
    depth === 0
      ? new Error('leaf')
      : new AggregateError(
          Array.from({ length: 10 }, () => nest(depth - 1)),
          'node',
        )
  const count = (error: { errors?: readonly object[] }): number =>
    1 + (error.errors ?? []).reduce((sum: number, part) => sum + count(part), 0)
  expect(count(serializeError(nest(4)))).toBeLessThanOrEqual(65)
})
