import { Agent, createServer, request, type RequestOptions, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { drive, SimWorld } from 'shakedown/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { trackWork } from '../../../../harness/world/work/track.ts'

/** Answers after some real time, so that a virtual timeout beside it comes first unless time is held. */
const server = createServer((_, response) => void setTimeout(answer, 30, response))
/** One connection, opened before any scenario: async hooks do not see it. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let port = 0

function answer(response: ServerResponse): void {
  response.end('answer')
}

const send = (options: RequestOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request({ port, agent, ...options }, (response) => {
      response.resume().once('end', () => resolve('answered'))
    })
    sent.once('error', reject).end()
  })

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  port = (server.address() as AddressInfo).port
  await send()
})
afterAll(async () => {
  agent.destroy()
  await new Promise((closed) => server.close(closed))
})

/** Runs `act` beside a virtual timeout of 1 ms. */
async function beside(act: () => Promise<unknown>, httpClients = true) {
  const world = new SimWorld()
  world.work.httpClients = httpClients
  const untrack = trackWork(world.work)
  try {
    let timedOut = false
    const end = await drive(world, () => {
      world.clock.after(1, 'timeout', () => (timedOut = true))
      return act()
    })
    return { end: end.kind, timedOut }
  } finally {
    untrack()
  }
}

test('virtual time does not overtake a request on a connection that was open before', async () => {
  expect(await beside(() => send())).toEqual({ end: 'settled', timedOut: false })
})

test('nor one that waits for its turn on that connection', async () => {
  expect(await beside(() => Promise.all([send(), send()]))).toEqual({ end: 'settled', timedOut: false })
})

test('virtual time does not overtake a fetch on a connection that was open before, and it is named', async () => {
  const url = `http://127.0.0.1:${port}/orders`
  const ask = (): Promise<string> => fetch(url).then((response) => response.text())
  await ask()
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const seen: string[][] = []
  let timedOut = false
  const end = await drive(world, async () => {
    world.clock.after(1, 'timeout', () => (timedOut = true))
    const asked = ask()
    // It is sent some turns later.
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(world.work.open().map(({ words }) => words))
    }
    await asked
  })
  untrack()
  expect({ end: end.kind, timedOut }).toEqual({ end: 'settled', timedOut: false })
  expect(seen.flat()).toContain(`GET ${url}`)
})

test('requests of other code meanwhile are nobody’s work, and are answered', async () => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const answers = await Promise.all([
    send(),
    fetch(`http://127.0.0.1:${port}/`).then((response) => response.text()),
  ])
  expect(world.work.open()).toEqual([])
  untrack()
  expect(answers).toEqual(['answered', 'answer'])
})

test('where something else answers requests, they hold no time', async () => {
  expect(await beside(() => send(), false)).toEqual({ end: 'settled', timedOut: true })
})

test('a request that the subject has not sent to its end waits for the subject, and so does one it gave up', async () => {
  const world = new SimWorld()
  const untrack = trackWork(world.work)
  const open: (readonly string[])[] = []
  await drive(world, async () => {
    const unsent = request({ port, agent, method: 'POST', path: '/unsent' })
    unsent.once('error', () => {})
    await new Promise((assigned) => unsent.once('socket', assigned))
    const names = (): readonly string[] => world.work.open().map(({ words }) => words)
    open.push(names())
    unsent.end('body')
    open.push(names())
    unsent.destroy()
    open.push(names())
  })
  untrack()
  expect(open.map((names) => names.filter((name) => name.startsWith('POST')))).toEqual([
    [],
    ['POST /unsent'],
    [],
  ])
})
