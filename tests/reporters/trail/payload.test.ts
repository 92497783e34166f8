import { expect, test } from 'vitest'
import { describeBag, describeError, describePayload } from '../../../reporters/trail/payload.ts'

function payload(value: unknown): { json: string; truncated: false } {
  return { json: JSON.stringify(value), truncated: false }
}

test('a short value is shown whole, and none is called nothing', () => {
  expect(describePayload(payload({ a: [1, null] }))).toBe('{"a":[1,null]}')
  expect(describePayload(null)).toBe('nothing')
})

test('a value that was cut when it was stored says how much there was, and what it hashed to', () => {
  const described = describePayload({
    json: `"${'x'.repeat(1000)}`,
    truncated: true,
    fullLength: 123_456,
    sha256: 'ab'.repeat(32),
  })
  expect(described).toMatch(/^"x+… \(123,456 characters, cut when it was stored, SHA-256 abababababab…\)$/)
  expect(described.length).toBeLessThan(300)
})

test('an error is told with its code, its causes and its parts, each a step further in', () => {
  const error = {
    name: 'AggregateError',
    message: 'both failed',
    errors: [
      { name: 'Error', message: 'first', code: 'ECONNRESET', cause: { name: 'TypeError', message: 'deep' } },
      { name: 'DOMException', message: 'second', code: '23' },
    ],
  }
  expect(describeError(payload(error))).toEqual([
    'AggregateError: both failed',
    '  Error: first (ECONNRESET)',
    '    caused by TypeError: deep',
    '  DOMException: second',
  ])
})

test('an error with a hundred parts is counted after a few', () => {
  const errors = Array.from({ length: 100 }, (_, index) => ({ name: 'Error', message: String(index) }))
  const lines = describeError(payload({ name: 'AggregateError', message: 'all', errors }))
  expect(lines).toHaveLength(9)
  expect(lines.at(-1)).toBe('… and 93 more')
})

test.each([
  ['something else than an error', payload(42), '42'],
  ['half of one', { json: '{"name":"Error","mess', truncated: true } as const, '{"name":"Error","mess'],
])('%s is shown as it is', (_what, stored, beginning) => {
  expect(describeError(stored)).toEqual([expect.stringContaining(beginning)])
})

test('details are written as pairs, bounded', () => {
  expect(describeBag({ attempt: 1, settled: 'returned', more: [1] })).toBe(
    'attempt: 1, settled: returned, more: [1]',
  )
  expect(describeBag({ text: 'x'.repeat(10_000) }).length).toBeLessThanOrEqual(210)
})
