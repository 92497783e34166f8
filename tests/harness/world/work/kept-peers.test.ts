import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { MessageChannel, Worker } from 'node:worker_threads'
import { type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { loopTurns } from '../../../support/loop-turns.ts'

/** A way to somebody outside that was opened before any scenario. */
interface Way {
  /** Asks, and has the answer some real milliseconds later. */
  readonly ask: () => Promise<unknown>
  /** Says something that nobody answers. */
  readonly tell?: () => unknown
  readonly close: () => unknown
}

/** Answers after so many real milliseconds, but for `tell`. */
const ANSWER = 'text === "tell" || setTimeout(answer, 60, text + "!")'

async function worker(tidy: (worker: Worker) => void = () => {}): Promise<Way> {
  const thread = new Worker(
    `const { parentPort } = require('node:worker_threads')
     parentPort.on('message', (text) => { const answer = (said) => parentPort.postMessage(said); ${ANSWER} })`,
    { eval: true },
  )
  const waiting: ((said: unknown) => void)[] = []
  thread.on('message', (said) => waiting.shift()?.(said))
  await once(thread, 'online')
  tidy(thread)
  return {
    ask: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        thread.postMessage('hello', [])
      }),
    tell: () => thread.postMessage('tell', []),
    close: () => thread.terminate(),
  }
}

async function port(): Promise<Way> {
  const { port1, port2 } = new MessageChannel()
  const thread = new Worker(
    `const { workerData } = require('node:worker_threads')
     workerData.on('message', (text) => { const answer = (said) => workerData.postMessage(said); ${ANSWER} })`,
    { eval: true, workerData: port2, transferList: [port2] },
  )
  await once(thread, 'online')
  port1.on('message', () => {})
  return {
    ask: async () => {
      port1.postMessage('hello')
      const [said] = (await once(port1, 'message')) as [string]
      return said
    },
    tell: () => port1.postMessage('tell'),
    close: () => {
      port1.close()
      return thread.terminate()
    },
  }
}

async function gone(spawned: ChildProcess): Promise<void> {
  spawned.kill('SIGKILL')
  await once(spawned, 'exit')
}

async function child(): Promise<Way> {
  const forked = spawn(
    process.execPath,
    [
      '-e',
      `process.on('message', (text) => { const answer = (said) => process.send(said); ${ANSWER} }); process.send('here')`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  await once(forked, 'message')
  const waiting: ((said: unknown) => void)[] = []
  forked.on('message', (said) => waiting.shift()?.(said))
  return {
    ask: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        forked.send('hello')
      }),
    tell: () => forked.send('tell'),
    close: () => gone(forked),
  }
}

async function pipes(): Promise<Way> {
  const spawned = spawn(process.execPath, [
    '-e',
    `process.stdin.on('data', (data) => { const text = String(data); const answer = (said) => process.stdout.write(said); ${ANSWER} })
     process.stdout.write('here')`,
  ])
  await once(spawned.stdout, 'data')
  const waiting: ((said: unknown) => void)[] = []
  spawned.stdout.on('data', (said) => waiting.shift()?.(String(said)))
  return {
    ask: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        spawned.stdin.write('hello')
      }),
    tell: () => spawned.stdin.write('tell'),
    close: () => gone(spawned),
  }
}

async function udp(): Promise<Way> {
  const server = createSocket('udp4', (data, { port: to }) => {
    if (String(data) === 'hello') setTimeout(() => server.send('hello!', to, '127.0.0.1'), 60)
  }).bind(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: serverPort } = server.address()
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const waiting: ((said: unknown) => void)[] = []
  socket.on('message', (said) => waiting.shift()?.(String(said)))
  return {
    ask: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        socket.send('hello', serverPort, '127.0.0.1')
      }),
    tell: () => socket.send('tell', serverPort, '127.0.0.1'),
    close: () => {
      socket.close()
      server.close()
    },
  }
}

async function http2(): Promise<Way> {
  const server = createServer((_request, response) => void setTimeout(() => response.end('hello!'), 60))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await once(session, 'connect')
  return {
    ask: () => text(session.request({ ':path': '/' })),
    close: () => {
      session.destroy()
      server.close()
    },
  }
}

const WAYS: readonly (readonly [string, () => Promise<Way>])[] = [
  ['a worker', () => worker()],
  ['a worker that keeps no process alive', () => worker((thread) => thread.unref())],
  ['a message port', port],
  ['a child process with messages', child],
  ['a child process with pipes', pipes],
  ['a UDP socket', udp],
  ['a session of HTTP/2', http2],
]

const limit = (ms: number): Promise<string> =>
  new Promise((resolve) => void setTimeout(() => resolve('too slow'), ms).unref())

test.for(WAYS)(
  'a virtual limit does not overtake an answer of %s that was there before',
  async ([, open]) => {
    const way = await open()
    const asks = scenario('asks')
      .subject(async (_: unknown, ports: Ports) => {
        const ask = ports.fn('ask', () => Promise.race([way.ask(), limit(5_000)]))
        return [await ask(), await ask()]
      })
      .expect({ output: ['hello!', 'hello!'], virtualMs: 0 })
    try {
      expect((await runScenario(asks)).problems).toEqual([])
    } finally {
      await way.close()
    }
  },
)

/** A second of held time takes far more. */
const TURNS_UNHELD_MAX = 30

test.for(WAYS)('idle, %s holds no time', async ([, open]) => {
  const way = await open()
  const naps = scenario('naps')
    .subject(async (_: unknown, ports: Ports) => ports.fn('nap', () => limit(5_000))())
    .expect({ output: 'too slow', virtualMs: 5_000 })
  try {
    const { value, turns } = await loopTurns(() => runScenario(naps, { replay: false }))
    expect(value.problems).toEqual([])
    expect(turns).toBeLessThan(TURNS_UNHELD_MAX)
  } finally {
    await way.close()
  }
})

test.for([
  ['a message port', port],
  ['a UDP socket', udp],
] as const)('%s that only takes holds time once, and no more', async ([, open]) => {
  const way = await open()
  const tells = scenario('tells')
    .subject(async (_: unknown, ports: Ports) => {
      ports.fn('tell', () => void way.tell?.())()
      return limit(5_000)
    })
    .expect({ output: 'too slow', virtualMs: 5_000 })
  try {
    const first = await runScenario(tells, { replay: false })
    const { value: second, turns } = await loopTurns(() => runScenario(tells, { replay: false }))
    expect([first.problems, second.problems]).toEqual([[], []])
    expect(first.wallMs).toBeGreaterThanOrEqual(900)
    expect(turns).toBeLessThan(TURNS_UNHELD_MAX)
  } finally {
    await way.close()
  }
})

test('a queue that hands the next task to a worker when it is free is waited for to its end', async () => {
  const way = await worker()
  let free: Promise<unknown> = Promise.resolve()
  const asks = scenario('asks')
    .subject(async (_: unknown, ports: Ports) => {
      const ask = ports.fn('ask', () => {
        const answer = free.then(way.ask)
        free = answer
        return Promise.race([answer, limit(5_000)])
      })
      return Promise.all([ask(), ask(), ask()])
    })
    .expect({ output: ['hello!', 'hello!', 'hello!'], virtualMs: 0 })
  try {
    expect((await runScenario(asks, { replay: false })).problems).toEqual([])
  } finally {
    await way.close()
  }
})
