import { pbkdf2Sync, randomBytes, randomUUID } from 'node:crypto'
import { createConnection, createServer } from 'node:net'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'
import { drive, SimWorld } from 'shakedown/harness'
import { expect, test } from 'vitest'
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
  const silent = await beside(async () => {
    const socket = createConnection(port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    await new Promise(() => {})
  }, 30)
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
