import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

/** Reads an answer piece by piece, and says what became of it and when. */
type Client = (url: string, nowMs: () => number, signal?: AbortSignal) => Promise<unknown[]>

const clients: Record<string, Client> = {
  'global fetch': async (url, nowMs, signal) => {
    const log: unknown[] = []
    try {
      const response = await fetch(url, signal === undefined ? {} : { signal })
      log.push(response.status)
      for await (const piece of response.body!) log.push([Buffer.from(piece).toString(), nowMs()])
      return [...log, 'end']
    } catch (error) {
      const { name, message, cause } = error as Error & { cause?: { code?: string } }
      return [...log, `${name}: ${message}`, cause?.code]
    }
  },
  'node:http': (url, nowMs, signal) =>
    new Promise((resolve) => {
      const log: unknown[] = []
      const failed = (error: NodeJS.ErrnoException): void => resolve([...log, error.code])
      const call = request(url, signal === undefined ? {} : { signal }, (response) => {
        log.push(response.statusCode)
        response.on('data', (piece: Buffer) => log.push([piece.toString(), nowMs()]))
        response.once('end', () => resolve([...log, 'end']))
        response.once('error', failed)
      })
      call.once('error', failed)
      call.end()
    }),
}

const asking = (client: string, signalMs?: number) =>
  scenario('asks')
    .subject((_: unknown, { clock }: Ports) =>
      clients[client]!(
        'http://api.test/orders',
        clock.monotonicMs,
        signalMs === undefined ? undefined : clock.timeoutSignal(signalMs),
      ),
    )
    .input(null)
    .http('nock')

test.for(Object.keys(clients))('%s, without ports, reads a slow body in virtual time', async (client) => {
  const slow = asking(client).on('http:GET /orders', 'slow(2B, text="abcde")')
  const verdict = await runScenario(slow)
  expect(verdict.problems).toEqual([])
  expect(verdict.output).toEqual([200, ['ab', 1000], ['cd', 2000], ['e', 2500], 'end'])
})

test.for<[string, unknown[]]>([
  ['global fetch', ['TypeError: terminated', 'ECONNRESET']],
  ['node:http', ['ECONNRESET']],
])('%s reads what came before a connection breaks, and then its failure', async ([client, failure]) => {
  const broken = asking(client).on('http:GET /orders', 'reset(after=4B, text="one two")')
  const verdict = await runScenario(broken)
  expect(verdict.problems).toEqual([])
  expect(verdict.output).toEqual([200, ['one ', 0], ...failure])
})

test.for<[string, unknown[]]>([
  ['global fetch', ['TimeoutError: The operation was aborted due to timeout', undefined]],
  ['node:http', ['ECONNRESET']],
])('a timeout of %s ends a body that stalls', async ([client, failure]) => {
  const stalled = asking(client, 700).on('http:GET /orders', 'stall(after=4B, text="one two")')
  const verdict = await runScenario(stalled)
  expect(verdict.problems).toEqual([])
  expect(verdict.output).toEqual([200, ['one ', 0], ...failure])
  expect(verdict.virtualMs).toBe(700)
})

test.for(Object.keys(clients))('%s gets the headers that a fault says', async (client) => {
  const busy = asking(client).on('http:GET /orders', 'status(503, retry-at=30s, text="busy")')
  expect((await runScenario(busy)).output).toEqual([503, ['busy', 0], 'end'])
})

test('two requests to one URL that overlap each fail in their own way', async () => {
  const both = scenario('both')
    .subject(async (_: unknown, ports: Ports) => {
      const first = fetch('http://api.test/orders')
      const second = fetch('http://api.test/orders')
      const read = (response: Response): Promise<string> =>
        response.text().then(
          () => 'whole',
          (error: Error) => (error.cause as Error).message,
        )
      const answers = [await first, await second]
      const later = ports.clock.sleep(10).then(() => read(answers[0]!))
      return [await read(answers[1]!), await later]
    })
    .input(null)
    .http('nock')
    .on('http:GET /orders#1', 'reset(after=4B, text="one two")')
    .on('http:GET /orders#2', 'lengthMismatch(after=4B, text="one two")')
    .expect({ output: ['other side closed', 'read ECONNRESET'] })
  expect((await runScenario(both)).problems).toEqual([])
})

/** A server that closes the first connection before it answers, and answers on the next. */
async function closesOnce(): Promise<{ readonly url: string } & AsyncDisposable> {
  let connections = 0
  const server = createServer((socket) => {
    socket.once('data', () =>
      connections++ === 0 ? socket.end() : socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n'),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** Asks once and then, where that failed, once more. */
const askTwice = async (url: string): Promise<(string | number | undefined)[]> => {
  const ask = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(url, (response) => resolve(response.resume().statusCode))
        .once('error', reject)
        .end()
    })
  try {
    return [await ask()]
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException
    return [name, message, code, await ask()]
  }
}

test('a server that closes before it answers is to node:http what a real one is: socket hang up', async () => {
  await using server = await closesOnce()
  const real = await askTwice(server.url)
  expect(real).toEqual(['Error', 'socket hang up', 'ECONNRESET', 204])
  const closed = scenario('asks')
    .subject(() => askTwice('http://api.test/orders'))
    .http('nock')
    .on('http:GET /orders', 'closeBeforeHeaders -> status(204)')
    .expect({ output: real.map((part) => part ?? null) })
  expect((await runScenario(closed)).problems).toEqual([])
})
