import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { awaitKeptConnections } from '../../../../harness/world/work/kept-connections.ts'
import { Work } from '../../../../harness/world/work/work.ts'

/** Answers a line after so many real milliseconds, in two pieces; one that begins with `log` it only takes. */
const ANSWER_MS = 40

let server: Server
/** A pool's connection, opened before any scenario. */
let connection: Socket
/** The server's end of it. */
let accepted: Socket

beforeEach(async () => {
  server = createServer((socket) => {
    accepted = socket
    socket.on('data', (line) => {
      if (String(line).startsWith('log')) return
      if (String(line).startsWith('slow')) {
        setTimeout(() => socket.write('answer\n'), 1_300)
        return
      }
      setTimeout(() => socket.write('ans'), ANSWER_MS)
      setTimeout(() => socket.write('wer\n'), ANSWER_MS + 1)
    })
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  connection = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(connection, 'connect')
})

afterEach(async () => {
  connection.destroy()
  server.close()
  await once(server, 'close')
})

function query(text: string): Promise<string> {
  connection.write(`${text}\n`)
  return new Promise((resolve) => {
    let answer = ''
    const take = (piece: Buffer): void => {
      answer += String(piece)
      if (!answer.endsWith('\n')) return
      connection.off('data', take)
      resolve(answer.trim())
    }
    connection.on('data', take)
  })
}

const limit = (ms: number): Promise<string> =>
  new Promise((resolve) => void setTimeout(() => resolve('too slow'), ms).unref())

test('a virtual limit does not overtake an answer on a connection that was open before', async () => {
  const asks = scenario('asks')
    .subject(async (_: unknown, ports: Ports) => {
      const select = ports.fn('select', () => Promise.race([query('select'), limit(5_000)]))
      return [await select(), await select()]
    })
    .expect({ output: ['answer', 'answer'], virtualMs: 0 })
  expect((await runScenario(asks)).problems).toEqual([])
})

test('a connection that only takes holds time once, for a second, and no more', async () => {
  const logs = scenario('logs')
    .subject(async (_: unknown, ports: Ports) => {
      ports.fn('log', () => connection.write('log\n'))()
      return limit(5_000)
    })
    .expect({ output: 'too slow', virtualMs: 5_000 })
  const first = await runScenario(logs, { replay: false })
  const second = await runScenario(logs, { replay: false })
  expect([first.problems, second.problems]).toEqual([[], []])
  expect(first.wallMs).toBeGreaterThanOrEqual(1_000)
  expect(second.wallMs).toBeLessThan(first.wallMs / 2)
})

test('a connection that was once too slow is waited for again when it has answered', async () => {
  const asks = (text: string) =>
    scenario(text).subject(async (_: unknown, ports: Ports) =>
      ports.fn('select', () => Promise.race([query(text), limit(5_000)]))(),
    )
  const slow = await runScenario(asks('slow'), { replay: false })
  expect([slow.output, slow.virtualMs]).toEqual(['too slow', 5_000])
  await once(connection, 'data')
  const quick = await runScenario(asks('quick'), { replay: false })
  expect([quick.output, quick.virtualMs]).toEqual(['answer', 0])
})

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test('only a question on the client’s end holds time, until its answer has come and a little longer', async () => {
  const work = new Work(() => 0)
  const end = awaitKeptConnections(work)
  const held = (): number =>
    work.holding().soft.filter(({ words }) => words === 'an answer on a connection that was open before')
      .length
  expect(held()).toBe(0)
  // What a server says by itself answers nobody.
  accepted.write('hello\n')
  await once(connection, 'data')
  expect(held()).toBe(0)
  const answer = query('select')
  expect(held()).toBe(1)
  await answer
  expect(held()).toBe(1)
  await pause(60)
  expect([held(), held()]).toEqual([0, 0])
  end()
  expect(Object.hasOwn(connection, 'write')).toBe(false)
})

// The last: nock takes over every client of the process the moment it is imported.
test('what nock has answered is no connection, though its handle stays open', async () => {
  const { default: nock } = await import('nock')
  try {
    nock('http://a.example').get('/x').reply(200, 'answer')
    expect(await (await fetch('http://a.example/x')).text()).toBe('answer')
    connection.destroy()
    accepted.destroy()
    const work = new Work(() => 0)
    const noted: string[] = []
    work.beginAs = (_key, words) => void noted.push(words)
    awaitKeptConnections(work)()
    expect(noted).toEqual([])
  } finally {
    nock.restore()
  }
})
