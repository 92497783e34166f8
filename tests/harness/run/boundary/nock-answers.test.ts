import { request } from 'node:http'
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
