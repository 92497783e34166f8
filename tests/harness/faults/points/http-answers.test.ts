import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { parseFaultProgram } from '../../../../harness/faults/text/parse.ts'
import { WALL_START_MS } from '../../../../harness/world/sim-world.ts'
import { type FakeCall, fakeCall, fateOf } from './fake-call.ts'
import { faultServer, onTheWire } from './fault-server.ts'
import { outcomeOf } from './outcome.ts'

// Answers that a real socket gives and answers that a fault gives have to be the same to whoever reads them.

const callTo = (url: string): FakeCall => {
  const request = new Request(url)
  return fakeCall('http', request, `${request.method} /orders`)
}

/** Performs it and lets all virtual time pass while it is read. */
async function injected(text: string, url: string, real?: () => unknown): Promise<unknown> {
  const call = callTo(url)
  const state = { settled: false }
  const outcome = outcomeOf(async () => call.perform(text, real)).finally(() => (state.settled = true))
  while (!state.settled) {
    await new Promise((resolve) => setImmediate(resolve))
    call.world.timeline.fireNext()
  }
  return outcome
}

async function expectParity(text: string, answer: (socket: Socket) => void): Promise<unknown> {
  await using server = await faultServer(answer)
  const real = await outcomeOf(() => fetch(server.url))
  expect(await injected(text, server.url)).toStrictEqual(real)
  return real
}

const json = { 'content-type': 'application/json' }
const text = { 'content-type': 'text/plain;charset=utf-8' }

test.each([
  ['status(429, retry-after=0)', { 'retry-after': '0' }],
  ['status(429, retry-after=1.5)', { 'retry-after': '1.5' }],
  ['status(429, retry-after=4294967296)', { 'retry-after': '4294967296' }],
  ['status(429, retry-after="soon")', { 'retry-after': 'soon' }],
  ['status(429, retry-at=30s)', { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }],
  ['status(429, headers={"X-RateLimit-Reset":"30"})', { 'X-RateLimit-Reset': '30' }],
])('%s is what a server that sends this header gives', async (program, headers) => {
  const real = await expectParity(program, (socket) =>
    socket.end(onTheWire('429 Too Many Requests', { 'content-length': 0, ...headers })),
  )
  expect(real).toMatchObject({ response: { status: 429 } })
})

test('retry-at counts from the moment of the answer', async () => {
  const call = callTo('http://127.0.0.1/')
  call.world.clock.after(90_000, 'a while', () => {})
  call.world.timeline.fireNext()
  const response = (await call.perform('status(503, retry-at=2m)'.replace('2m', '120s'))) as Response
  expect(Date.parse(response.headers.get('retry-after') ?? '')).toBe(WALL_START_MS + 210_000)
})

test('a text is sent as it is, with a type of its own if wanted', async () => {
  const body = 'data: {"id":1}\n\n'
  const headers = { 'content-type': 'text/event-stream', 'content-length': body.length }
  const real = await expectParity(
    `status(200, text=${JSON.stringify(body)}, headers={"content-type":"text/event-stream"})`,
    (socket) => socket.end(onTheWire('200 OK', headers, body)),
  )
  expect(real).toMatchObject({ response: { text: body } })
})

test('wrongType is what a server that sends a page gives', async () => {
  const body = '<!doctype html><title>Sign in</title>'
  const headers = { 'content-type': 'text/html;charset=utf-8', 'content-length': body.length }
  const real = await expectParity('wrongType', (socket) => socket.end(onTheWire('200 OK', headers, body)))
  expect(real).toMatchObject({ response: { json: { name: 'SyntaxError' } } })
})

test.each([
  ['lengthMismatch', '{"items":[]}', 13],
  ['lengthMismatch(after=4B)', '{"it', 12],
  ['lengthMismatch(after=0B, body={"id":7})', '', 8],
])('%s is what a server that closes too early gives', async (program, body, length) => {
  const real = await expectParity(program, (socket) =>
    socket.end(onTheWire('200 OK', { ...json, 'content-length': length }, body)),
  )
  expect(real).toMatchObject({
    response: {
      json: { text: 'TypeError: terminated', cause: { text: 'SocketError: other side closed' } },
    },
  })
})

/** The pieces of a body until it ends or fails. */
async function piecesOf(response: Response, between: (piece: string) => void = () => {}): Promise<unknown[]> {
  const pieces: unknown[] = []
  const reader = response.body!.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return [...pieces, 'end']
      pieces.push(Buffer.from(value).toString())
      between(String(pieces.at(-1)))
    }
  } catch (error) {
    return [...pieces, String(error), String((error as Error).cause)]
  }
}

test('reset in the middle of a body that was said is what RST there gives', async () => {
  let client: Socket | undefined
  await using server = await faultServer((socket) => {
    client = socket
    socket.write(onTheWire('200 OK', { ...text, 'content-length': 12 }, 'one\n'))
  })
  const realResponse = await fetch(server.url)
  const response = (await callTo(server.url).perform(
    'reset(after=4B, text="one\\ntwo\\nsix\\n")',
  )) as Response
  expect([...response.headers]).toEqual([...realResponse.headers])
  const real = await piecesOf(realResponse, () => client?.resetAndDestroy())
  expect(await piecesOf(response)).toEqual(real)
  expect(real).toEqual(['one\n', 'TypeError: terminated', 'Error: read ECONNRESET'])
})

test.each([[new Error('enough')], [undefined]])(
  'stall gives its bytes and then nothing, until an abort (%o) fails the body as a real one fails',
  async (reason) => {
    await using server = await faultServer((socket) =>
      socket.write(onTheWire('200 OK', { ...text, 'content-length': 8 }, 'one\n')),
    )
    const controller = new AbortController()
    const realResponse = await fetch(server.url, { signal: controller.signal })
    const call = callTo(server.url)
    const response = (await call.perform('stall(after=4B, text="one\\ntwo\\n")')) as Response
    expect([...response.headers]).toEqual([...realResponse.headers])
    const injectedPieces = piecesOf(response, () => setImmediate(() => call.abort(controller.signal.reason)))
    const real = await piecesOf(realResponse, () => controller.abort(reason))
    expect(await injectedPieces).toEqual(real)
    expect(real[0]).toBe('one\n')
  },
)

test('slow sends so many bytes a second, and ends', async () => {
  const call = callTo('http://127.0.0.1/orders')
  const response = (await call.perform('slow(2B, text="abcde")')) as Response
  const arrived: unknown[] = []
  const pieces = piecesOf(response, (piece) => arrived.push([piece, call.world.clock.monotonicMs()]))
  while ((await fateOf(pieces)) === 'pending') call.world.timeline.fireNext()
  expect(arrived).toEqual([
    ['ab', 1000],
    ['cd', 2000],
    ['e', 2500],
  ])
  expect(await pieces).toEqual(['ab', 'cd', 'e', 'end'])
})

test('slow, without a body, slows the real one down, which is otherwise the same', async () => {
  const answer = (socket: Socket): unknown =>
    socket.end(onTheWire('201 Created', { ...json, 'content-length': 8 }, '{"id":7}'))
  await using server = await faultServer(answer)
  const real = await outcomeOf(() => fetch(server.url))
  expect(await injected('slow(3B)', server.url, () => fetch(server.url))).toStrictEqual(real)
})

test('late makes the request at once, and an abort ends the wait for its answer', async () => {
  const call = callTo('http://127.0.0.1/orders')
  const answer = new Response('real')
  const late = call.perform('late(5s)', () => answer)
  expect(call.realCalls()).toBe(1)
  expect(await fateOf(late)).toBe('pending')
  call.world.timeline.fireNext()
  expect(await late).toBe(answer)
  expect(call.world.clock.monotonicMs()).toBe(5000)
  const left = call.perform('late(5s)', () => answer)
  call.abort('gone')
  expect(await fateOf(left)).toEqual({ thrown: 'gone' })
})

test.each([
  ['status(200, body={}, text="a")', 'body` or `text`, not both'],
  ['status(429, retry-after=1, retry-at=1s)', '`retry-after` or `retry-at`, not both'],
  ['status(204, text="a")', 'no body, because status 204 cannot have one'],
  ['reset(text="a")', '`after` with it: how much of it arrives'],
  ['slow(0B)', 'more than 0 bytes a second'],
  ['status(429, retry-after=-1)', 'a number of seconds from 0, or a text in double quotes'],
  ['status(200, headers={"a b":"c"})', 'an object of header names and texts'],
  ['status(200, headers={"a":1})', 'an object of header names and texts'],
  ['status(200, headers={"a":"b\\nc"})', 'an object of header names and texts'],
])('%s is refused', (program, expected) => {
  expect(() => parseFaultProgram(program, { kind: 'http' })).toThrow(expected)
})

test('a kept-alive connection that is dead when it is used again gives what `off -> reset` gives', async () => {
  const seen = new Map<Socket, number>()
  await using server = await faultServer((socket) => {
    const requests = (seen.get(socket) ?? 0) + 1
    seen.set(socket, requests)
    if (requests === 1) socket.write(onTheWire('200 OK', { ...json, 'content-length': 2 }, '{}'))
    else socket.resetAndDestroy()
  })
  const post = { method: 'POST', body: '{"id":7}' }
  const first = await outcomeOf(() => fetch(server.url, post))
  expect(first).toMatchObject({ response: { status: 200 } })
  // A connection is free again one turn after its answer.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  const again = await outcomeOf(() => fetch(server.url, post))
  expect([...seen.values()]).toEqual([2])
  expect(await injected('reset', server.url)).toStrictEqual(again)
})
