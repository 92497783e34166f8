import { expect, test } from 'vitest'
import { targetOf } from '../../../../harness/faults/effects/fetch-failures.ts'
import { fakeCall, fateOf } from './fake-call.ts'
import { outcomeOf } from './outcome.ts'

const target = (input: unknown): unknown =>
  targetOf({ point: 'http:GET /x', path: undefined, input, signal: () => new AbortController().signal })

test.each([
  [
    'http://127.0.0.1:8080/x#part',
    { url: 'http://127.0.0.1:8080/x', hostname: '127.0.0.1', address: '127.0.0.1', port: 8080 },
  ],
  [
    'https://api.example.com/x',
    { url: 'https://api.example.com/x', hostname: 'api.example.com', address: '127.0.0.1', port: 443 },
  ],
  ['http://[::1]/x', { url: 'http://[::1]/x', hostname: '::1', address: '::1', port: 80 }],
])('a request to %s is known by its host, address and port', (url, expected) => {
  expect(target(url)).toEqual(expected)
  expect(target(new URL(url))).toEqual(expected)
  expect(target(new Request(url))).toEqual(expected)
  expect(target({ url })).toEqual(expected)
})

test.each([[undefined], [null], [{ url: 7 }], ['not a url'], [{}]])(
  'a call with the input %o is taken to be local',
  (input) => {
    expect(target(input)).toEqual({ url: '', hostname: 'localhost', address: '127.0.0.1', port: 80 })
  },
)

test.each([
  'refused',
  'dns',
  'reset',
  'closeBeforeHeaders',
  'status(500)',
  'truncatedJson',
  'reset(after=1)',
  'hang',
])('%s makes no real request', (text) => {
  const call = fakeCall('http', 'http://127.0.0.1/')
  Promise.resolve(call.perform(text)).catch(() => {})
  expect(call.realCalls()).toBe(0)
})

test('off and delay make the real request', async () => {
  const call = fakeCall('http')
  const response = new Response('real')
  expect(call.perform('off', () => response)).toBe(response)
  const delayed = call.perform('delay(2s)', () => response)
  call.world.timeline.fireNext()
  expect(await delayed).toBe(response)
  expect(call.realCalls()).toBe(2)
})

test('a hanging request that was aborted before ends at once', async () => {
  const call = fakeCall('http')
  call.abort('gone')
  expect(await fateOf(call.perform('hang'))).toEqual({ thrown: 'gone' })
})

test('a hanging request holds no timer', async () => {
  const call = fakeCall('http')
  const hanging = call.perform('hang')
  expect(call.world.timeline.points()).toEqual([])
  expect(await fateOf(hanging)).toBe('pending')
})

test('each call gets a response of its own', async () => {
  const call = fakeCall('http', 'http://127.0.0.1/')
  for (const text of ['status(503, body={"a":1})', 'truncatedJson']) {
    const once = await outcomeOf(async () => call.perform(text))
    expect(await outcomeOf(async () => call.perform(text))).toEqual(once)
  }
})

test('a response of 503 can be read in virtual time, which stands still meanwhile', async () => {
  const call = fakeCall('http')
  const response = (await call.perform('status(503, body={"a":1})')) as Response
  expect(await fateOf(response.json())).toEqual({ value: { a: 1 } })
})
