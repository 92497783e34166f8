import { fork, spawn } from 'node:child_process'
import { generateKeyPair, randomBytes, randomFill, randomInt, scrypt, webcrypto } from 'node:crypto'
import { EventEmitter, on, once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, readdir, rm, watch, writeFile } from 'node:fs/promises'
import { createServer, get } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { createServer as createTcpServer, createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, Readable, Transform } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { MessageChannel, Worker } from 'node:worker_threads'
import { createBrotliCompress, createGunzip, createGzip } from 'node:zlib'
import { started } from '../libraries/servers.ts'
import { inBothModes, retrying, type SilentSubject } from '../libraries/subject.ts'

const ownPath = fileURLToPath(import.meta.url)
const echoChild = fileURLToPath(new URL('children/echo.ts', import.meta.url))
/** The types of Node leave it to those of browsers. */
const { WebAssembly: compiler } = globalThis as unknown as {
  readonly WebAssembly: { compile(code: Uint8Array): Promise<object> }
}

/** What a program does with the platform besides what `real-work.ts` has: streams, servers, processes, threads, channels. */
const works: Readonly<Record<string, () => Promise<unknown>>> = {
  'a file through gzip and back': async () => {
    const through = new PassThrough()
    await Promise.all([
      pipeline(createReadStream(ownPath), createGzip(), createGunzip(), through),
      text(through),
    ])
  },
  'a stream that pauses between its pieces': () =>
    text(
      Readable.from(['a', 'b', 'c']).pipe(
        new Transform({ transform: (piece, _encoding, done) => void setImmediate(done, null, piece) }),
      ),
    ),
  'a web stream through CompressionStream': async () => {
    const packed = new Blob(['x'.repeat(20_000)]).stream().pipeThrough(new CompressionStream('gzip'))
    return (await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).text()).length
  },
  'brotli of a stream': () => text(Readable.from(['a'.repeat(10_000)]).pipe(createBrotliCompress())),
  'lines of a file': async () => {
    let lines = 0
    for await (const _line of createInterface({ input: createReadStream(ownPath) })) lines++
    return lines > 0
  },
  'a folder written and removed': async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'shakedown-silence-'))
    await writeFile(path.join(folder, 'a.txt'), 'a')
    const handle = await open(path.join(folder, 'a.txt'))
    const { size } = await handle.stat()
    await handle.close()
    const files = await readdir(folder)
    await rm(folder, { recursive: true })
    return [size, files]
  },
  'a change of a file that is watched': async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'shakedown-silence-'))
    const stop = new AbortController()
    const changes = watch(folder, { signal: stop.signal })
    const first = changes[Symbol.asyncIterator]().next()
    await writeFile(path.join(folder, 'a.txt'), 'a')
    await first
    stop.abort()
    await rm(folder, { recursive: true })
  },
  'scrypt and a key pair': async () => {
    await promisify(scrypt)('secret', 'salt', 32)
    await promisify(generateKeyPair)('ed25519')
  },
  'an HMAC of WebCrypto': async () => {
    const key = await webcrypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign'])
    return (await webcrypto.subtle.sign('HMAC', key, new Uint8Array(1_000))).byteLength
  },
  'random bytes': async () => {
    await promisify(randomBytes)(100_000)
    await promisify(randomFill)(new Uint8Array(100))
    return new Promise((resolve, reject) =>
      randomInt(0, 6, (error, value) => (error ? reject(error) : resolve(value < 6))),
    )
  },
  'a child that is spoken to': async () => {
    const child = spawn('cat')
    child.stdin.end('hello')
    return text(child.stdout)
  },
  'a child with messages': async () => {
    const child = fork(echoChild, { execArgv: [] })
    child.send('hello')
    const [answer] = await once(child, 'message')
    child.disconnect()
    await once(child, 'exit')
    return answer
  },
  'a worker that is asked twice': async () => {
    const worker = new Worker(
      "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (text) => parentPort.postMessage(text + '!'))",
      { eval: true },
    )
    worker.postMessage('a', [])
    await once(worker, 'message')
    worker.postMessage('b', [])
    const [answer] = await once(worker, 'message')
    await worker.terminate()
    return answer
  },
  'a message channel': async () => {
    const { port1, port2 } = new MessageChannel()
    port1.postMessage('hello')
    const [answer] = await once(port2, 'message')
    port1.close()
    return answer
  },
  'events as an iterator': async () => {
    const emitter = new EventEmitter()
    setImmediate(() => emitter.emit('piece', 1))
    for await (const [piece] of on(emitter, 'piece')) return piece
    return undefined
  },
  'a server of its own': async () => {
    const server = createServer((_request, response) => response.end('answer'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const answer = await (await fetch(`http://127.0.0.1:${port}/`)).text()
    server.close()
    server.closeAllConnections()
    return answer
  },
  'a server of its own that takes its time': async () => {
    const server = createServer((_request, response) => {
      setTimeout(() => response.end('answer'), 20)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const answer = await (await fetch(`http://127.0.0.1:${port}/`)).text()
    server.close()
    server.closeAllConnections()
    return answer
  },
  'HTTP/2': async () => {
    const server = createHttp2Server((_request, response) => void response.end('answer'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const session = connectHttp2(`http://127.0.0.1:${port}`)
    const answer = await text(session.request({ ':path': '/' }))
    session.close()
    server.close()
    return answer
  },
  'a conversation over TCP': async () => {
    const server = createTcpServer((socket) =>
      socket.on('data', (data) => socket.write(`heard ${data.toString()}`)),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = createConnection((server.address() as { port: number }).port, '127.0.0.1')
    for (let turn = 0; turn < 3; turn++) {
      socket.write('hello')
      await once(socket, 'data')
    }
    socket.destroy()
    server.close()
  },
  'an answer in slow pieces, by fetch': async () => (await fetch(`${started().origin}/slow`)).json(),
  'an answer in slow pieces, by node:http': () =>
    new Promise((resolve, reject) => {
      get(`${started().origin}/slow`, (response) => resolve(text(response))).once('error', reject)
    }),
  'three requests at once': async () => {
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${started().origin}/slow`)))
    return Promise.all(answers.map((answer) => answer.text()))
  },
  'an answer whose body nobody reads': async () => (await fetch(started().origin)).status,
  'an answer whose body is given back': async () => {
    const answer = await fetch(`${started().origin}/slow`)
    await answer.body?.cancel()
    return answer.status
  },
  'WebAssembly compiled': () => compiler.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  'a module imported on demand': async () => {
    const { posix } = await import('node:path')
    return posix.sep
  },
}

/** Each behind a retry that sleeps, in both modes. */
export const platform: readonly SilentSubject[] = Object.entries(works).flatMap(([name, work]) =>
  inBothModes({ name }, ({ ports, sleep }) => retrying(ports.fn('work', work), sleep)),
)
