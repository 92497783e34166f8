import { AsyncResource } from 'node:async_hooks'
import { spawn } from 'node:child_process'
import { pbkdf2Sync, randomBytes, randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { brotliDecompress, createGunzip, createGzip, gunzip, gzip } from 'node:zlib'
import { drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
import { OwnTimeline } from '../../../../harness/world/timeline.ts'
import { trackWork } from '../../../../harness/world/work/track.ts'

/** Runs `act` in a world whose real work is seen, beside a virtual timeout of 1 ms that real work must not lose to. */
async function beside(act: () => Promise<unknown>, realMs = 10_000) {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  try {
    let timedOut = false
    const end = await drive(
      world,
      () => {
        world.clock.after(1, 'timeout', () => (timedOut = true))
        return act()
      },
      { limits: { realMs } },
    )
    return { end: end.kind, timedOut, open: world.work.open() }
  } finally {
    untrack()
  }
}

const sleepIn = (world: SimWorld, ms: number) =>
  new Promise<void>((resolve) => world.clock.after(ms, 'sleep', resolve))
const inTime = { end: 'settled', timedOut: false, open: [] }
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test.for([
  ['compression', () => promisify(gzip)('text')],
  ['hashing', () => crypto.subtle.digest('SHA-256', new Uint8Array(1_000))],
  [
    'twenty hashes in a row',
    async () => {
      for (let count = 0; count < 20; count++) await crypto.subtle.digest('SHA-256', new Uint8Array(1_000))
    },
  ],
  [
    'the making of a key',
    () => crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']),
  ],
  [
    'a decompression that fails',
    async () => {
      for (const unpack of [gunzip, brotliDecompress])
        await promisify(unpack)('neither of them').catch((error: unknown) => error)
      const stream = createGunzip()
      stream.write('neither of them')
      await once(stream, 'error')
      // Nothing real is under way now.
      await turn()
    },
  ],
  ['random bytes', () => promisify(randomBytes)(16)],
  ['a real timer', () => new Promise((resolve) => setTimeout(resolve, 5))],
  [
    'twenty immediates in a row',
    async () => {
      for (let turns = 0; turns < 20; turns++) await turn()
    },
  ],
] as const)('virtual time does not overtake %s', async ([, act]) => {
  expect(await beside(act)).toEqual(inTime)
})

test('what is done on the spot, or waits for the subject, holds no time', async () => {
  const idle = async () => {
    randomBytes(8)
    pbkdf2Sync('password', 'salt', 1, 16, 'sha256')
    randomUUID()
    clearImmediate(setImmediate(() => {}))
    createGzip()
    await new Promise(() => {})
  }
  expect(await beside(idle)).toEqual({ end: 'stalled', timedOut: true, open: [] })
})

test('a loop of immediates that waits for a timer gets its timer', async () => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const seen: string[] = []
  const end = await drive(world, async () => {
    world.clock.after(10, 'ready', () => seen.push('ready'))
    while (seen.length === 0) await turn()
  })
  untrack()
  expect([end.kind, world.clock.monotonicMs()]).toEqual(['settled', 10])
})

test('a socket that says nothing holds time for the real limit, then time goes on and it is named in the stall', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  let socket: Socket | undefined
  const silent = await beside(async () => {
    socket = createConnection(port, '127.0.0.1')
    await once(socket, 'connect')
    await new Promise(() => {})
  }, 30)
  socket?.destroy()
  server.close()
  expect(silent).toEqual({
    end: 'stalled',
    timedOut: true,
    open: [expect.objectContaining({ words: 'a TCP socket', sinceMs: 0 })],
  })
})

test('what another work has begun holds no time', async () => {
  const other = new SimWorld()
  const untrack = trackWork(other.work)
  await drive(other, () => {
    setTimeout(() => {}, 5_000)
      .unref()
      .ref()
    return Promise.resolve()
  })
  expect(await beside(() => new Promise(() => {}))).toMatchObject({ end: 'stalled', open: [] })
  untrack()
})

test('what was opened before the scenario may still answer it: a connection kept, a worker made at import', async () => {
  const worker = new Worker(
    'const { parentPort } = require("node:worker_threads"); parentPort.on("message", () => setTimeout(() => parentPort.postMessage("answer"), 300))',
    { eval: true },
  )
  const server = createServer((socket) =>
    socket.on('data', () => setTimeout(() => socket.write('answer'), 150)),
  )
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()))
  const connection = createConnection((server.address() as AddressInfo).port, '127.0.0.1')
  await once(connection, 'connect')
  try {
    const world = new SimWorld()
    const untrack = trackWork(world.work)
    const ask = async () => {
      const answer = once(worker, 'message')
      worker.postMessage('question', [])
      await answer
      const data = once(connection, 'data')
      connection.write('question')
      await data
    }
    expect(await drive(world, ask)).toEqual({ kind: 'settled' })
    untrack()
  } finally {
    connection.destroy()
    server.close()
    await worker.terminate()
  }
})

/** Does something real that is nobody's work: it was begun before any scenario. */
const outside = AsyncResource.bind((act: () => void, ms: number) => void setTimeout(act, ms))
const newsIn = (ms: number) => new Promise<void>((resolve) => outside(resolve, ms))

test.for([
  [
    'a child process',
    async () => {
      const child = spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 150)'])
      await once(child, 'spawn')
      return { news: once(child, 'exit'), end: () => child.kill() }
    },
  ],
  [
    'a UDP socket',
    async () => {
      const socket = createSocket('udp4').bind(0, '127.0.0.1')
      await once(socket, 'listening')
      outside(() => socket.send('news', socket.address().port, '127.0.0.1'), 150)
      return { news: once(socket, 'message'), end: () => socket.close() }
    },
  ],
] as const)('what %s of an earlier time brings is waited for', async ([, open]) => {
  const { news, end } = await open()
  try {
    expect(await drive(new SimWorld(), () => news)).toEqual({ kind: 'settled' })
  } finally {
    end()
  }
})

test('each wait for what cannot be seen has its own patience', async () => {
  const world = new SimWorld()
  const end = await drive(world, async () => {
    await newsIn(70)
    await sleepIn(world, 10)
    await newsIn(70)
  })
  expect(end).toEqual({ kind: 'settled' })
})

test('a real wait that is too long for the real limit is a stall, which names it', async () => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  let limit: NodeJS.Timeout | undefined
  const wait = () =>
    new Promise(() => {
      limit = setTimeout(() => {}, 60_000)
    })
  const end = await drive(world, wait, { limits: { realMs: 20 } })
  clearTimeout(limit)
  untrack()
  expect(end).toMatchObject({ kind: 'stalled', open: [{ words: 'a real timer' }] })
})

test('a real time limit and a heartbeat hold no virtual time', async () => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const before = performance.now()
  const end = await drive(world, async () => {
    const limit = setTimeout(() => {}, 30_000)
    const heartbeat = setInterval(() => {}, 50)
    await sleepIn(world, 60_000)
    clearTimeout(limit)
    clearInterval(heartbeat)
  })
  untrack()
  expect(end).toEqual({ kind: 'settled' })
  expect(performance.now() - before).toBeLessThan(10_000)
})

test('real work that goes on and on is stuck in the end; time does not overtake it', async () => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const state = { isOver: false }
  const busy = async () => {
    while (!state.isOver) await stat('.')
  }
  const end = await drive(world, () => Promise.race([busy(), sleepIn(world, 60_000)]), {
    limits: { realMs: 100 },
  })
  state.isOver = true
  untrack()
  expect(end).toMatchObject({ kind: 'stuck', realMs: 100 })
})

test.for([
  ['longer than time is held for', () => setTimeout(() => {}, 150)],
  ['that does not keep the process alive', () => setTimeout(() => {}, 20).unref()],
] as const)('a real pause %s is waited for where nothing else can happen', async ([, start]) => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const pause = async () => {
    const timer = start() as NodeJS.Timeout & { _onTimeout: () => void }
    await new Promise<void>((resolve) => (timer._onTimeout = resolve))
  }
  expect(await drive(world, pause)).toEqual({ kind: 'settled' })
  untrack()
})

test('a world whose parts fail is not waited for: the fault comes out', async () => {
  class BrokenTimeline extends OwnTimeline {
    override onlyKeptWait(): boolean {
      throw new Error('the loop is broken')
    }
  }
  const world = new SimWorld({ timeline: new BrokenTimeline() })
  await expect(drive(world, new Promise(() => {}))).rejects.toThrow('the loop is broken')
})
