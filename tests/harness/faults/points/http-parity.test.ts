import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { fakeCall } from './fake-call.ts'
import { faultServer, onTheWire } from './fault-server.ts'
import { outcomeOf } from './outcome.ts'

// Each test lets a real fetch meet a real failure on a real socket and holds the injected fault to what came of it.

/** What the fault gives for a request to `url`. */
function injected(text: string, url: string, init?: RequestInit): () => Promise<unknown> {
  const request = new Request(url, init)
  return async () => fakeCall('http', request, `${request.method} /orders`).perform(text)
}

async function expectParity(
  text: string,
  answer: (socket: Socket) => void,
  init?: RequestInit,
): Promise<unknown> {
  await using server = await faultServer(answer)
  const real = await outcomeOf(() => fetch(server.url, init))
  expect(await outcomeOf(injected(text, server.url, init))).toStrictEqual(real)
  return real
}

const post: RequestInit = { method: 'POST', body: '{"id":7}' }

test('refused is what a closed port gives', async () => {
  await using server = await faultServer(() => {})
  await server.close()
  const real = await outcomeOf(() => fetch(server.url, post))
  expect(await outcomeOf(injected('refused', server.url, post))).toStrictEqual(real)
  expect(real).toMatchObject({
    thrown: { text: 'TypeError: fetch failed', cause: { own: { code: 'ECONNREFUSED', syscall: 'connect' } } },
  })
})

test('dns is what a name that cannot be resolved gives', async () => {
  // A label of no letters fits into no DNS packet: the resolver refuses the name itself and asks nobody.
  const url = 'http://nobody..invalid/orders'
  const real = await outcomeOf(() => fetch(url))
  expect(await outcomeOf(injected('dns', url))).toStrictEqual(real)
  expect(real).toMatchObject({
    thrown: { cause: { own: { code: 'ENOTFOUND', hostname: 'nobody..invalid' } } },
  })
})

test.each([undefined, post])('reset is what RST gives to %o', async (init) => {
  const real = await expectParity('reset', (socket) => socket.resetAndDestroy(), init)
  expect(real).toMatchObject({ thrown: { cause: { text: 'Error: read ECONNRESET' } } })
})

test('closeBeforeHeaders is what a server that closes before it answers gives', async () => {
  const real = await expectParity('closeBeforeHeaders', (socket) => socket.end(), post)
  expect(real).toMatchObject({
    thrown: {
      cause: { name: 'SocketError', text: 'SocketError: other side closed', own: { code: 'UND_ERR_SOCKET' } },
    },
  })
})

test('status is what a server that sends it gives', async () => {
  const real = await expectParity('status(503)', (socket) =>
    socket.end(onTheWire('503 Service Unavailable', { 'content-length': 0 })),
  )
  expect(real).toMatchObject({
    response: { status: 503, ok: false, json: { text: 'SyntaxError: Unexpected end of JSON input' } },
  })
})

test('status with retry-after and a body is what a server that sends them gives', async () => {
  const body = '{"error":"slöw"}'
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'retry-after': 3,
  }
  const real = await expectParity(
    `status(429, retry-after=3, body=${body})`,
    (socket) => socket.end(onTheWire('429 Too Many Requests', headers, body)),
    post,
  )
  expect(real).toMatchObject({ response: { status: 429, json: { value: { error: 'slöw' } } } })
})

test.each([
  ['status(503)', '503 Service Unavailable', { 'content-length': 0 }],
  ['truncatedJson', '200 OK', { 'content-type': 'application/json', 'content-length': 21 }],
])('%s has no body when a HEAD request asks', async (text, status, headers) => {
  const answer = (socket: Socket): unknown => socket.write(onTheWire(status, headers))
  expect(await expectParity(text, answer, { method: 'HEAD' })).toMatchObject({ response: { noBody: true } })
})

test('every status gives the response, or the failure, that a server gives', async () => {
  await using server = await faultServer((socket, request) => {
    const status = Number(/^GET \/orders\?(\d+)/.exec(request)?.[1])
    const headers = status === 204 || status === 304 ? undefined : { 'content-length': 0 }
    socket.write(onTheWire(`${status} ${STATUS_CODES[status] ?? ''}`, headers ?? {}))
  })
  for (let status = 200; status < 600; status += 1) {
    const url = `${server.url}?${status}`
    const real = await outcomeOf(() => fetch(url))
    expect({ status, came: await outcomeOf(injected(`status(${status})`, url)) }).toStrictEqual({
      status,
      came: real,
    })
  }
})

test('truncatedJson is a complete response whose JSON stops in the middle', async () => {
  const body = '{"items":[{"id":1,"na'
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const real = await expectParity('truncatedJson', (socket) => socket.end(onTheWire('200 OK', headers, body)))
  expect(real).toMatchObject({
    response: {
      status: 200,
      json: { text: 'SyntaxError: Unterminated string in JSON at position 21 (line 1 column 22)' },
    },
  })
})

test('a body that ends before its content-length is another failure than truncatedJson', async () => {
  await using server = await faultServer((socket) =>
    socket.end(
      onTheWire('200 OK', { 'content-type': 'application/json', 'content-length': 999 }, '{"items":['),
    ),
  )
  expect(await outcomeOf(() => fetch(server.url))).toMatchObject({
    response: { json: { text: 'TypeError: terminated', cause: { text: 'SocketError: other side closed' } } },
  })
  expect(await outcomeOf(injected('truncatedJson', server.url))).toMatchObject({
    response: { json: { name: 'SyntaxError' } },
  })
})

/** Reads the body chunk by chunk; `between` runs when the first one has arrived. */
async function readInPieces(response: Response, between: () => void): Promise<unknown> {
  return outcomeOf(async () => {
    const reader = response.body!.getReader()
    const first = await reader.read()
    expect(Buffer.from(first.value ?? []).toString()).toBe(' '.repeat(40))
    between()
    await reader.read()
    throw new Error('the body went on')
  })
}

test('reset after some bytes is what RST in the middle of the body gives', async () => {
  let client: Socket | undefined
  const headers = { 'content-type': 'application/json', 'content-length': 41 }
  await using server = await faultServer((socket) => {
    client = socket
    socket.write(onTheWire('200 OK', headers, ' '.repeat(40)))
  })
  const realResponse = await fetch(server.url)
  const response = (await injected('reset(after=40B)', server.url)()) as Response
  expect([...response.headers]).toEqual([...realResponse.headers])
  const real = await readInPieces(realResponse, () => client?.resetAndDestroy())
  expect(await readInPieces(response, () => {})).toStrictEqual(real)
  expect(real).toMatchObject({
    thrown: { text: 'TypeError: terminated', cause: { own: { code: 'ECONNRESET' } } },
  })
})

test('reset after the headers fails whoever reads the body', async () => {
  const outcome = await outcomeOf(injected('reset(after=0)', 'http://127.0.0.1/'))
  expect(outcome).toMatchObject({
    response: {
      status: 200,
      json: { text: 'TypeError: terminated' },
      text: { text: 'TypeError: terminated' },
    },
  })
})

test.each([[new Error('enough')], [undefined]])(
  'hang ends with the reason of an abort (%o), as fetch does',
  async (reason) => {
    await using server = await faultServer(() => {})
    const controller = new AbortController()
    const real = outcomeOf(() => fetch(server.url, { signal: controller.signal }))
    const call = fakeCall('http', new Request(server.url))
    const hanging = outcomeOf(async () => call.perform('hang'))
    controller.abort(reason)
    call.abort(controller.signal.reason)
    expect(await hanging).toStrictEqual(await real)
    expect(call.realCalls()).toBe(0)
  },
)
