import { once } from 'node:events'
import { createServer, get } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { OwnServers } from '../../../../harness/world/work/own-servers.ts'

/** Much less than the real limit of a scenario, which a held connection would use up. */
const REAL_MS_MAX = 5_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks a server of the subject's own, which answers after so many milliseconds. */
async function asking(answerMs: number, ask: (url: string) => Promise<string>): Promise<string> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.end('answer'), answerMs)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

test.for([
  ['fetch', (url: string) => fetch(url).then((answer) => answer.text())],
  [
    'node:http',
    (url: string) =>
      new Promise<string>((resolve, reject) => {
        get(url, (response) => resolve(text(response))).once('error', reject)
      }),
  ],
] as const)('a server of the subject itself answers in virtual time: %s', async ([, ask]) => {
  const asks = scenario('asks its own server')
    .subject((_: unknown, ports: Ports) => ports.fn('ask', () => asking(20, ask))())
    .timers('global')
    .expect({ output: 'answer', virtualMs: 20 })
  const { problems, wallMs } = await runScenario(asks)
  expect(problems).toEqual([])
  expect(wallMs).toBeLessThan(REAL_MS_MAX)
})

test('a virtual limit does not overtake what a server of the subject itself answers at once', async () => {
  const asks = scenario('asks its own server within a limit')
    .subject((_: unknown, ports: Ports) => {
      const ask = (url: string): Promise<string> => fetch(url).then((answer) => answer.text())
      return ports.fn('ask', () => Promise.race([asking(0, ask), pause(50).then(() => 'too slow')]))()
    })
    .timers('global')
    .expect({ output: 'answer' })
  expect((await runScenario(asks)).problems).toEqual([])
})

test('a server is its own where it listens here, and only for connections to it', async () => {
  const [own, other] = [createTcpServer(), createTcpServer()]
  for (const server of [own, other]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  const servers = new OwnServers()
  const toOwn = connect((own.address() as AddressInfo).port, '127.0.0.1')
  const toOther = connect((other.address() as AddressInfo).port, '127.0.0.1')
  await Promise.all([once(toOwn, 'connect'), once(toOther, 'connect')])
  expect(servers.reachedBy(handleOf(toOwn))).toBe(false)
  servers.add(handleOf(own))
  expect(servers.reachedBy(handleOf(toOwn))).toBe(true)
  expect(servers.reachedBy(handleOf(toOther))).toBe(false)
  expect(servers.reachedBy({})).toBe(false)
  toOwn.destroy()
  toOther.destroy()
  own.close()
  other.close()
})

/** A handle whose two ends are these. */
const ends = (near: object, far: object): object => ({
  getsockname: (into: object) => Object.assign(into, near),
  getpeername: (into: object) => Object.assign(into, far),
})

test('of several servers of its own one is enough; the same port on another machine is another server', () => {
  const servers = new OwnServers()
  servers.add(ends({ address: '::', port: 80 }, {}))
  servers.add(ends({ address: '::', port: 81 }, {}))
  const here = { address: '10.0.0.1' }
  expect(servers.reachedBy(ends({ ...here, port: 5_000 }, { ...here, port: 81 }))).toBe(true)
  expect(servers.reachedBy(ends({ ...here, port: 5_000 }, { ...here, port: 82 }))).toBe(false)
  expect(servers.reachedBy(ends({ ...here, port: 5_000 }, { address: '10.0.0.2', port: 81 }))).toBe(false)
})

test('a server that is closed is reached by nothing, though what is closed has no address either', () => {
  const servers = new OwnServers()
  servers.add(ends({}, {}))
  expect(servers.reachedBy(ends({}, {}))).toBe(false)
})

function handleOf(holder: object): object {
  return (holder as { _handle: object })._handle
}
