import { request } from 'node:http'
import { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { serve } from '../../../support/http-server.ts'

/** What a client that takes no ports gets for one POST: the answer, or the code of what its socket said. */
type Client = (url: string) => Promise<{ status?: number; body?: string; code?: string }>

const clients: Record<string, Client> = {
  'global fetch': async (url) => {
    try {
      const response = await fetch(url, { method: 'POST', body: 'x' })
      return { status: response.status, body: await response.text() }
    } catch (error) {
      return { code: ((error as Error).cause as { code?: string }).code ?? String(error) }
    }
  },
  'node:http': (url) =>
    new Promise((resolve) => {
      const call = request(url, { method: 'POST' }, (response) => {
        let body = ''
        response.on('data', (piece: Buffer) => (body += piece.toString()))
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body }))
      })
      call.once('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? String(error) }))
      call.end('x')
    }),
}

test.for(Object.keys(clients))(
  '%s, without ports, meets its faults and then the real server',
  async (name) => {
    await using server = await serve((call, response) =>
      call.resume().once('end', () => response.end('real')),
    )
    const client = clients[name]!
    const subject = async (): Promise<unknown[]> => [
      await client(`${server.url}/orders`),
      await client(`${server.url}/orders`),
      await client(`${server.url}/orders`),
    ]
    const flaky = scenario('flaky')
      .subject(subject)
      .input(null)
      .http('nock')
      .on('http:POST /orders', fault.times(1).reset().next.times(1).status(503).next.off())
      .expect({
        status: 'completed',
        output: [{ code: 'ECONNRESET' }, { status: 503, body: '' }, { status: 200, body: 'real' }],
        virtualMs: 0,
      })
    expect((await runScenario(flaky)).problems).toEqual([])
    // nock listens from the moment it is imported; by now it must have been told not to.
    const { default: nock } = await import('nock')
    expect(nock.isActive()).toBe(false)
  },
)

test.for(Object.keys(clients))(
  '%s waits in virtual time for a delayed answer, and for nothing else',
  async (name) => {
    await using server = await serve((call, response) =>
      call.resume().once('end', () => response.end('real')),
    )
    const slow = scenario('slow')
      .subject(() => clients[name]!(`${server.url}/orders`))
      .input(null)
      .http('nock')
      .on('http:POST /orders', '1*delay(60000) -> off')
      .expect({ status: 'completed', output: { status: 200, body: 'real' }, virtualMs: 60_000 })
    expect((await runScenario(slow)).problems).toEqual([])
  },
)

test('a query that a point names is matched below any client, too', async () => {
  await using server = await serve((call, response) => response.end(`real ${call.url}`))
  const get = async (page: number): Promise<string> =>
    (await fetch(`${server.url}/items?page=${page}`)).text()
  const paged = scenario('pages')
    .subject(async () => [await get(1), await get(2)])
    .input(null)
    .http('nock')
    .on('http:GET /items?page=2', 'status(200, body="scripted")')
    .expect({ output: ['real /items?page=1', '"scripted"'] })
  expect((await runScenario(paged)).problems).toEqual([])
})

test('requests nobody scripted go to the real server, and fetch is real again afterwards', async () => {
  await using server = await serve((call, response) => response.end(`real ${call.url}`))
  const before = globalThis.fetch
  const mixed = scenario('mixed')
    .subject(async () => [
      (await clients['global fetch']!(`${server.url}/orders`)).status,
      (await clients['global fetch']!(`${server.url}/other`)).body,
    ])
    .input(null)
    .http('nock')
    .on('http:POST /orders', 'inf*status(500)')
    .expect({ status: 'completed', output: [500, 'real /other'] })
  expect((await runScenario(mixed)).problems).toEqual([])
  expect(globalThis.fetch).toBe(before)
})

test.for(Object.keys(clients))('%s reads a packed answer of the real server once unpacked', async (name) => {
  const body = 'tides '.repeat(100)
  await using server = await serve((call, response) => {
    response.setHeader('content-encoding', 'gzip')
    call.resume().once('end', () => response.end(gzipSync(body)))
  })
  const packed = scenario('packed')
    .subject(() => clients[name]!(`${server.url}/orders`))
    .input(null)
    .http('nock')
    .on('http:POST /orders', '1*delay(1) -> off')
    .expect({ output: { status: 200, body } })
  expect((await runScenario(packed)).problems).toEqual([])
})

test.for(Object.keys(clients))('%s reads a packed answer that comes slowly once unpacked', async (name) => {
  const body = 'tides '.repeat(100)
  await using server = await serve((call, response) => {
    response.setHeader('content-encoding', 'gzip')
    call.resume().once('end', () => response.end(gzipSync(body)))
  })
  const packed = scenario('packed')
    .subject(() => clients[name]!(`${server.url}/orders`))
    .input(null)
    .http('nock')
    .on('http:POST /orders', 'slow(100B)')
    .expect({ output: { status: 200, body }, virtualMs: 6_000 })
  expect((await runScenario(packed)).problems).toEqual([])
})

test('what marks a request that is sent on is not among the headers that are noted of it', async () => {
  const sent: (string | undefined)[] = []
  await using server = await serve((call, response) => {
    sent.push(call.headersDistinct['x-shakedown-real']?.[0])
    response.end('real')
  })
  const marked = scenario('marked')
    .subject(async () => (await fetch(`${server.url}/orders`)).text())
    .input(null)
    .http('nock')
    .on('http:GET /orders', '1*delay(1) -> off')
    .expect({ output: 'real', calls: { 'http:GET /orders': { headers: { 'x-shakedown-real': null } } } })
  expect((await runScenario(marked, { replay: false })).problems).toEqual([])
  expect(sent).toEqual(['1'])
})

test.for(Object.keys(clients))('%s gets its delayed answer before a timeout a moment later', async (name) => {
  await using server = await serve((call, response) => call.resume().once('end', () => response.end('real')))
  const raced = scenario('raced')
    .subject((_: unknown, ports) =>
      Promise.race([
        clients[name]!(`${server.url}/orders`),
        ports.clock.sleep(60_001).then(() => 'timed out'),
      ]),
    )
    .input(null)
    .http('nock')
    .on('http:POST /orders', '1*delay(60000) -> off')
    .expect({ output: { status: 200, body: 'real' }, virtualMs: 60_000 })
  for (let run = 0; run < 10; run++) {
    expect((await runScenario(raced, { replay: false })).problems).toEqual([])
  }
})

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status

test('a scenario that names an origin meets its fault after one that named only a path', async () => {
  const anywhere = scenario('anywhere')
    .subject(() => statusOf('http://one.test/orders'))
    .input(null)
    .http('nock')
    .on('http:GET /orders', 'status(500)')
    .expect({ output: 500 })
  const there = scenario('there')
    .subject(() => statusOf('https://two.test/bills'))
    .input(null)
    .http('nock')
    .on('http:GET https://two.test/bills', 'status(503)')
    .expect({ output: 503 })
  expect((await runScenario(anywhere)).problems).toEqual([])
  expect((await runScenario(there)).problems).toEqual([])
})

test('a path and an origin may be scripted in one scenario, whichever is declared first', async () => {
  const both = scenario('both')
    .subject(async () => [
      await statusOf('http://one.test/orders'),
      await statusOf('https://two.test/bills'),
      await statusOf('https://two.test:8443/bills'),
    ])
    .input(null)
    .http('nock')
    .on('http:GET /orders', 'status(500)')
    .on('http:GET https://two.test/bills', 'status(503)')
    .on('http:GET https://two.test:8443/bills', 'status(504)')
    .expect({ output: [500, 503, 504] })
  expect((await runScenario(both)).problems).toEqual([])
})

test('interceptors that a test has of its own work when a scenario has run, and while one runs that means another origin', async () => {
  const { default: nock } = await import('nock')
  const scripted = scenario('scripted')
    .subject(() => statusOf('http://one.test/orders'))
    .input(null)
    .http('nock')
    .on('http:GET /orders', 'status(500)')
  await runScenario(scripted)
  nock.activate()
  try {
    nock('http://mine.test').get('/').times(2).reply(418)
    expect(await statusOf('http://mine.test/')).toBe(418)
    const beside = scenario('beside')
      .subject(async () => [await statusOf('http://one.test/orders'), await statusOf('http://mine.test/')])
      .input(null)
      .http('nock')
      .on('http:GET http://one.test/orders', 'status(500)')
      .expect({ output: [500, 418] })
    expect((await runScenario(beside, { replay: false })).problems).toEqual([])
  } finally {
    nock.cleanAll()
    nock.restore()
  }
})

/** Sockets whose handle is open. */
const openSockets = (): number =>
  (process as unknown as { _getActiveHandles(): readonly unknown[] })
    ._getActiveHandles()
    .filter((handle) => handle instanceof Socket).length

test.for(Object.keys(clients))('no call of %s leaves a socket in the process', async (name) => {
  const client = clients[name]!
  const asks = scenario('asks')
    .subject(async () => [await client('http://a.example/x'), await client('http://a.example/x')])
    .http('nock')
    .on('http:POST http://a.example/x', 'status(200, body={}) -> status(200, body={})')
    .expect({ status: 'completed' })
  const before = openSockets()
  expect((await runScenario(asks)).problems).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(openSockets()).toBe(before)
})

/** What Node gives to code only when it is asked to. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

test.for([
  ['fetch below nock', 'nock', () => fetch],
  ['ports.fetch', undefined, ({ fetch: ported }: Ports) => ported],
] as const)(
  'a call of %s that hangs is ended by its client, garbage collected or not',
  async ([, http, of]) => {
    const hangs = scenario('hangs')
      .subject(async (_: unknown, ports: Ports) => {
        const leave = new AbortController()
        const call = of(ports)('http://a.example/x', { method: 'POST', body: 'x', signal: leave.signal })
        for (let turn = 0; turn < 5; turn++) {
          await ports.clock.sleep(100)
          collectGarbage()
        }
        leave.abort()
        return call.then(
          () => 'answered',
          (error: Error) => error.name,
        )
      })
      .on('http:POST http://a.example/x', 'hang')
      .expect({ output: 'AbortError' })
    const { problems, calls } = await runScenario(http === undefined ? hangs : hangs.http(http))
    expect(problems).toEqual([])
    expect(calls).toMatchObject([{ settled: 'threw', settledAtMs: 500 }])
  },
)
