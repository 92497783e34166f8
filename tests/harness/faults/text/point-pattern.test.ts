import { expect, test } from 'vitest'
import { FaultSyntaxError } from '../../../../harness/faults/grammar/fault-errors.ts'
import { parsePoint, parsePointPattern } from '../../../../harness/faults/text/point-pattern.ts'

test.each([
  ['step:draft', 'step', 'draft', undefined],
  ['  step:send the mail  ', 'step', 'send the mail', undefined],
  ['fn:save#2', 'fn', 'save', 2],
  ['http:POST /orders', 'http', 'POST /orders', undefined],
  ['http:post   /orders#12', 'http', 'POST /orders', 12],
  ['http:* /orders', 'http', '* /orders', undefined],
  ['http:GET /orders?page=2', 'http', 'GET /orders?page=2', undefined],
  ['http:GET /orders?size=10&q=a%20b&page=2', 'http', 'GET /orders?page=2&q=a+b&size=10', undefined],
  ['http:GET //a//b?', 'http', 'GET //a//b', undefined],
  ['http:GET /a/../b/é', 'http', 'GET /b/%C3%A9', undefined],
  ['http:GET HTTPS://Api.Example.com', 'http', 'GET https://api.example.com/', undefined],
  ['http:GET http://127.0.0.1:8080/v1', 'http', 'GET http://127.0.0.1:8080/v1', undefined],
])('%s is read', (text, kind, name, nth) => {
  expect(parsePointPattern(text)).toStrictEqual({ kind, name, nth })
})

test.each([
  ['', 0, 'a point of kind step, fn, http', 'the end of the text', undefined],
  ['stp:draft', 0, 'a point of kind step, fn, http', '`stp`', 'step'],
  ['db:save', 0, 'a point of kind step, fn, http', '`db`', undefined],
  ['step', 4, '`:` after `step`', 'the end of the text', undefined],
  ['step draft', 4, '`:` after `step`', 'U+0020', undefined],
  ['step:', 5, 'a name after `:`', 'the end of the text', undefined],
  ['step:  ', 7, 'a name after `:`', 'the end of the text', undefined],
  ['step:#2', 5, 'a name after `:`', '`#`', undefined],
  ['step:a\nb', 6, 'a name on one line', 'U+000A', undefined],
  ['fn:save#0', 8, 'the number of a call after `#`', '`0`', undefined],
  ['fn:save#-1', 8, 'the number of a call', '`-1`', undefined],
  ['fn:save#two', 8, 'the number of a call', '`two`', undefined],
  ['fn:save#', 8, 'the number of a call', 'the end of the text', undefined],
  ['fn:save#1#2', 8, 'the number of a call', '`1#2`', undefined],
  ['fn:save#1000001', 8, 'from 1 to 1000000', '`1000001`', undefined],
  ['fn:save #2', 7, 'no white space around the name', 'some', undefined],
  ['http:/orders', 5, 'a method and a path', '`/orders`', undefined],
  ['http:POST', 9, 'a path after the method', 'the end of the text', undefined],
  ['http:POST orders', 10, 'a path that starts with `/`', '`orders`', undefined],
  ['http:POST ftp://host/', 10, 'a URL with http or https', '`ftp://host/`', undefined],
  ['http:trace /', 5, 'a method that `fetch` can send', '`trace`', undefined],
  ['http:GET http://user:pass@host/', 9, 'without user and password', '`http://user:pass@host/`', undefined],
  [
    'step:draft/part',
    5,
    "the name of a step, which is text of 1 to 200 characters without '/'",
    '`draft/part`',
    undefined,
  ],
  [`step:${'x'.repeat(201)}`, 5, 'text of 1 to 200 characters', `\`${'x'.repeat(40)}…\``, undefined],
  ['http:POST /a b', 12, 'a path without white space', 'some', undefined],
])('%j is refused at offset %i', (text, offset, expected, got, suggestion) => {
  let refused: unknown
  try {
    parsePointPattern(text)
  } catch (error) {
    refused = error
  }
  expect(refused).toBeInstanceOf(FaultSyntaxError)
  const error = refused as FaultSyntaxError
  expect(error.expected).toContain(expected)
  expect(error).toMatchObject({ offset, got, suggestion })
})

test('a name of 1024 characters is read with its kind, a longer one is not', () => {
  expect(parsePointPattern(`fn:${'x'.repeat(1021)}`).name).toHaveLength(1021)
  expect(() => parsePointPattern(`fn:${'x'.repeat(1022)}`)).toThrow('a point of at most 1024 characters')
})

test('a request that cannot be read comes with how requests are named', () => {
  expect(() => parsePointPattern('http:/orders')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('`http:* /items?page=2`') as string }),
  )
})

test('where all calls of a point are meant, the number of one is refused', () => {
  expect(parsePoint('http:get /orders')).toStrictEqual(parsePointPattern('http:GET /orders'))
  expect(() => parsePoint('fn:save#2')).toThrow(
    'Expected a point without the number of a call at 1:8, got `#2`.',
  )
})
