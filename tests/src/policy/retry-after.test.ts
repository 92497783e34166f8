import { step } from 'shakedown'
import { SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { failing, runInSim } from '../../support/in-sim.ts'

/** What the backoff alone would wait. */
const BACKOFF_MS = 100

/** How long the second attempt waits after the first threw this. */
async function waitedMs(thrown: () => unknown, backoff = { baseMs: BACKOFF_MS }): Promise<number> {
  const world = new SimWorld()
  const node = step('polite', failing(1, 'ok', thrown), { retries: 1, backoff })
  const { result, audit } = await runInSim(node, undefined, {}, world)
  expect(result).toMatchObject({ output: 'ok', attempts: 2 })
  const delays = audit.records.flatMap((record) => (record.kind === 'attempt' ? [record.delayMs] : []))
  expect(delays).toEqual([0, world.clock.monotonicMs()])
  return world.clock.monotonicMs()
}

const withGet = { get: (name: string) => (name === 'retry-after' ? '3' : null) }

test.for<[string, () => unknown, number]>([
  ['retryAfterMs', () => ({ retryAfterMs: 2500 }), 2500],
  ['retryAfterMs of less than the backoff', () => ({ retryAfterMs: 20 }), BACKOFF_MS],
  [
    'retryAfterMs and a header: the property',
    () => ({ retryAfterMs: 500, headers: { 'retry-after': '9' } }),
    500,
  ],
  ['a lower-case header in seconds', () => ({ headers: { 'retry-after': '7' } }), 7000],
  ['a header in capitals', () => ({ headers: { 'Retry-After': '4' } }), 4000],
  ['both spellings: the lower one', () => ({ headers: { 'retry-after': '5', 'Retry-After': '4' } }), 5000],
  ['a header that is a number', () => ({ headers: { 'retry-after': 6 } }), 6000],
  ['a header in spaces', () => ({ headers: { 'retry-after': '  8 ' } }), 8000],
  ['Headers of fetch', () => ({ headers: new Headers({ 'Retry-After': '2' }) }), 2000],
  ['anything with get', () => ({ headers: withGet }), 3000],
  ['headers of the response', () => ({ response: { headers: { 'retry-after': '1' } } }), 1000],
  [
    'its own headers first',
    () => ({ headers: withGet, response: { headers: { 'retry-after': '1' } } }),
    3000,
  ],
  ['an HTTP date', () => ({ headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' } }), 9000],
])('a failure that carries %s is waited for', async ([, thrown, expected]) => {
  expect(await waitedMs(thrown)).toBe(expected)
})

test.for<[string, () => unknown]>([
  ['an HTTP date of the past', () => ({ headers: { 'retry-after': 'Thu, 01 Jan 2015 00:00:00 GMT' } })],
  ['a date that is none', () => ({ headers: { 'retry-after': 'soon' } })],
  ['seconds and something else', () => ({ headers: { 'retry-after': '7x' } })],
  ['an empty header', () => ({ headers: { 'retry-after': '' } })],
  ['a header that is a list', () => ({ headers: { 'retry-after': ['7'] } })],
  ['headers that are a text', () => ({ headers: 'retry-after: 7' })],
  ['no headers', () => ({ headers: null, response: null })],
  ['a Headers without one', () => ({ headers: new Headers() })],
  ['a number of milliseconds that is none', () => ({ retryAfterMs: Number.NaN })],
  ['milliseconds without an end', () => ({ retryAfterMs: Number.POSITIVE_INFINITY })],
  ['milliseconds below nothing', () => ({ retryAfterMs: -5 })],
  ['milliseconds as a text', () => ({ retryAfterMs: '2500' })],
  ['a text', () => 'retryAfterMs'],
  ['nothing', () => null],
])('a failure that carries %s says nothing about when to come back', async ([, thrown]) => {
  expect(await waitedMs(thrown)).toBe(BACKOFF_MS)
})

test.for<[string, () => object]>([
  ['retryAfterMs', () => throwing('retryAfterMs')],
  ['headers', () => throwing('headers')],
  ['a response', () => throwing('response')],
  ['headers whose get', () => ({ headers: throwing('get') })],
])('a failure with %s that throws when it is read is retried after the backoff', async ([, thrown]) => {
  expect(await waitedMs(thrown)).toBe(BACKOFF_MS)
})

function throwing(property: string): object {
  return Object.defineProperty({}, property, {
    get: () => {
      throw new Error(`${property} cannot be read`)
    },
  })
}
