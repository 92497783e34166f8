import { exec } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { readFile, stat } from 'node:fs/promises'
import { get } from 'node:http'
import { createConnection } from 'node:net'
import { pbkdf2 } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { brotliCompress, createGzip, gunzip, gzip } from 'node:zlib'
import { text } from 'node:stream/consumers'
import type { Ports } from 'shakedown/harness'
import { started } from '../libraries/servers.ts'
import { retrying, type SilentSubject, sleepGlobally } from '../libraries/subject.ts'

const ownPath = fileURLToPath(import.meta.url)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Real work of one kind, done where a subject calls out; none of it tells the ports that it is I/O. */
const works: Readonly<Record<string, () => unknown>> = {
  'gzip there and back': async () =>
    (await promisify(gunzip)(await promisify(gzip)('x'.repeat(10_000)))).length,
  brotli: async () => (await promisify(brotliCompress)('x'.repeat(1_000))).length > 0,
  'a gzip stream': async () => {
    const stream = createGzip()
    stream.write('a')
    stream.end('b')
    let bytes = 0
    for await (const piece of stream) bytes += (piece as Buffer).length
    return bytes > 0
  },
  'subtle.digest': async () => (await crypto.subtle.digest('SHA-256', new Uint8Array(100_000))).byteLength,
  pbkdf2: async () => (await promisify(pbkdf2)('secret', 'salt', 1_000, 32, 'sha256')).length,
  readFile: async () => (await readFile(ownPath, 'utf8')).length > 0,
  'two files, one after the other': async () => {
    await stat(ownPath)
    return (await readFile(ownPath)).length > 0
  },
  'DNS of localhost': async () => (await lookup('localhost', { family: 4 })).address,
  'a child process': async () => (await promisify(exec)('echo done')).stdout.trim(),
  'a worker thread': () =>
    new Promise((resolve, reject) => {
      const worker = new Worker("require('node:worker_threads').parentPort.postMessage('done')", {
        eval: true,
      })
      worker.once('message', resolve)
      worker.once('error', reject)
    }),
  'a chain of immediates': async () => {
    for (let turns = 0; turns < 20; turns++) await turn()
    return 20
  },
  'fetch on a kept-alive connection': async () => (await fetch(started().origin)).text(),
  'node:http on a kept-alive connection': () =>
    new Promise((resolve, reject) => {
      get(started().origin, (response) => resolve(text(response))).once('error', reject)
    }),
  'a raw socket': () =>
    new Promise((resolve, reject) => {
      const socket = createConnection(started().echoPort, '127.0.0.1')
      socket.once('error', reject)
      socket.once('data', (data) => {
        socket.end()
        resolve(data.toString())
      })
      socket.write('hello')
    }),
}

/** Each kind of real work behind a retry that sleeps. */
export const realWork: readonly SilentSubject[] = Object.entries(works).flatMap(([name, work]) => [
  {
    name,
    timers: 'global',
    run: (_input, ports) => retrying(ports.fn('work', work), sleepGlobally),
  },
  {
    name,
    timers: 'ports',
    run: (_input, ports: Ports) => retrying(ports.fn('work', work), ports.clock.sleep),
  },
])
