import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

interface Asked {
  readonly method?: string
  readonly redirect?: 'follow' | 'error' | 'manual'
}

/** What a client sees of an answer, its address aside. */
async function seen(
  send: typeof fetch,
  origin: string,
  { method = 'GET', redirect = 'follow' }: Asked,
): Promise<unknown> {
  const body = method === 'GET' ? null : '{"id":7}'
  try {
    const response = await send(`${origin}/start`, {
      method,
      body,
      redirect,
      headers: { authorization: 'x y' },
    })
    const { status, url, redirected } = response
    return { status, path: url.slice(origin.length), redirected, text: await response.text() }
  } catch (error) {
    const { name, message, cause } = error as Error
    return { name, message, cause: cause instanceof Error ? cause.message : cause }
  }
}

/** A real server that redirects `/start` to `/end` (or to itself), and says what it was asked there. */
async function ofServer(status: number, to: string, asked: Asked): Promise<unknown> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === '/start') response.writeHead(status, { location: to }).end()
    else response.writeHead(200).end(`${request.method} ${request.headers['content-type'] ?? 'no type'}`)
  }
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await seen(fetch, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** The same by script; what `/end` was asked is told by the calls. */
async function byScript(status: number, to: string, asked: Asked): Promise<unknown> {
  let type = 'no type'
  const { output, calls } = await runScenario(
    scenario('redirected')
      .subject((_: unknown, ports: Ports) => seen(ports.fetch, 'http://shop.example', asked))
      .on('http:* /start', `inf*status(${status}, headers={"location":"${to}"})`)
      .on('http:* /end', 'inf*status(200, text="there")'),
    { replay: false },
  )
  const last = calls.at(-1)
  const { method, headers } = (last?.input ?? {}) as { method?: string; headers?: Record<string, string> }
  type = headers?.['content-type'] ?? type
  const result = output as { readonly text?: string }
  return result.text === 'there' ? { ...result, text: `${method} ${type}` } : result
}

test.for(
  [301, 302, 303, 307, 308].flatMap((status) => ['GET', 'POST'].map((method) => [status, method] as const)),
)('a scripted %i is followed as a real one is, by %s', async ([status, method]) => {
  expect(await byScript(status, '/end', { method })).toEqual(await ofServer(status, '/end', { method }))
})

test.for([
  ['error', '/end'],
  ['follow', '/start'],
  ['follow', 'ftp://shop.example/'],
  ['follow', 'http://'],
  ['follow', 'https://a b/'],
] as const)('redirect: %s to %s fails as it really does', async ([redirect, to]) => {
  expect(await byScript(302, to, { redirect })).toEqual(await ofServer(302, to, { redirect }))
})

test('with redirect: manual the answer is the redirect', async () => {
  expect(await byScript(302, '/end', { redirect: 'manual' })).toMatchObject({
    status: 302,
    redirected: false,
  })
})

test('another origin is not told the credentials, and the hop is a call of its own', async () => {
  const { calls } = await runScenario(
    scenario('leaves')
      .subject((_: unknown, ports: Ports) => seen(ports.fetch, 'http://shop.example', {}))
      .on('http:GET /start', 'status(302, headers={"location":"http://other.example/end"})')
      .on('http:GET /end', 'status(200)'),
    { replay: false },
  )
  expect(calls.map(({ point, input }) => [point, (input as { headers: object }).headers])).toEqual([
    ['http:GET /start', { authorization: 'x y' }],
    ['http:GET /end', {}],
  ])
})
