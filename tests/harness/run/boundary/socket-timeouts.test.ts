import { Agent, get, type RequestOptions } from 'node:http'
import { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Asks, and gives up when the socket has been idle for too long. */
function asking(options: RequestOptions, idleMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = get('http://shop.example/slow', options, (response) => resolve(text(response)))
    if (idleMs !== undefined) call.setTimeout(idleMs)
    call.on('timeout', () => call.destroy(new Error('too slow')))
    call.once('error', reject)
  })
}

const built = (options: RequestOptions, idleMs: number | undefined, program: string) =>
  scenario('asks')
    .subject(() => asking(options, idleMs).catch((error: unknown) => (error as Error).message))
    .http('nock')
    .on('http:GET /slow', program)

test.for<[string, RequestOptions, number | undefined]>([
  ['request.setTimeout', {}, 5_000],
  ['the option `timeout`', { timeout: 5_000 }, undefined],
  ['the limit of an agent', { agent: new Agent({ timeout: 5_000 }) }, undefined],
])('below nock a limit is virtual: %s', async ([, options, idleMs]) => {
  const before = Reflect.get(Socket.prototype, 'setTimeout') as unknown
  const { problems, output, virtualMs } = await runScenario(built(options, idleMs, 'inf*hang'))
  expect({ problems, output, virtualMs }).toEqual({ problems: [], output: 'too slow', virtualMs: 5_000 })
  expect(Reflect.get(Socket.prototype, 'setTimeout') === before).toBe(true)
})

test.for([
  ['an answer in time', 'inf*status(200, text="abc") @4900', 'abc', 4_900],
  ['a body whose pieces are each in time', 'inf*slow(1B, text="abcdefgh")', 'abcdefgh', 8_000],
] as const)('%s meets no limit', async ([, program, expected, ms]) => {
  const { problems, output, virtualMs } = await runScenario(built({}, 5_000, program))
  expect({ problems, output, virtualMs }).toEqual({ problems: [], output: expected, virtualMs: ms })
})

test('a limit of a request that was answered is no leftover', async () => {
  const { problems, remarks } = await runScenario(built({}, 60_000, 'inf*status(200, text="abc")'))
  expect({ problems, remarks }).toEqual({ problems: [], remarks: [] })
})
