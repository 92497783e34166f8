import { drain, drive, type DriveOptions, SimWorld, WALL_START_MS } from 'shakedown/harness'
import { expect, test } from 'vitest'

const sleep = (world: SimWorld, ms: number, point = 'sleeper'): Promise<void> =>
  new Promise((resolve) => world.clock.after(ms, point, resolve))

test('time jumps to each timer in due order, ties in the order they were set', async () => {
  const world = new SimWorld()
  const order: string[] = []
  const note = (name: string, ms: number) =>
    sleep(world, ms).then(() => order.push(`${name}@${world.clock.monotonicMs()}`))
  await drive(world, Promise.all([note('c', 20), note('a', 10), note('b', 10), note('d', 3_600_000)]))
  expect(order).toEqual(['a@10', 'b@10', 'c@20', 'd@3600000'])
})

test('every microtask runs between two timers', async () => {
  const world = new SimWorld()
  const seen: number[] = []
  const work = (async () => {
    await sleep(world, 10)
    for (let turn = 0; turn < 100; turn++) await Promise.resolve()
    seen.push(world.clock.monotonicMs())
    await sleep(world, 10)
  })()
  void sleep(world, 11).then(() => seen.push(world.clock.monotonicMs()))
  await drive(world, work)
  expect(seen).toEqual([10, 11])
})

test('the wall clock runs with the monotonic one', async () => {
  const world = new SimWorld()
  await drive(world, sleep(world, 500))
  expect(world.clock.wallMs()).toBe(WALL_START_MS + 500)
  expect(world.clock.monotonicMs()).toBe(500)
})

test('a cancelled timer neither fires nor moves time', async () => {
  const world = new SimWorld()
  world.clock.after(50, 'cancelled', () => expect.unreachable()).cancel()
  await drive(world, sleep(world, 100))
  expect(world.clock.monotonicMs()).toBe(100)
})

test('equal seeds give equal randomness, and different ones do not', () => {
  const draw = (seed: number): number[] => {
    const { random } = new SimWorld({ seed })
    return [random(), random(), random()]
  }
  expect(draw(3)).toEqual(draw(3))
  expect(draw(3)).not.toEqual(draw(4))
})

test('waiting for nothing is a stall', async () => {
  const end = await drive(new SimWorld(), new Promise(() => {}))
  expect(end).toEqual({ kind: 'stalled', open: [] })
})

test('setting timer after timer without an end is a livelock, and says what waits', async () => {
  const world = new SimWorld()
  const again = (): void => void world.clock.after(1, 'again', again)
  again()
  const end = await drive(world, new Promise(() => {}), { limits: { jumps: 100 } })
  expect(end).toEqual({ kind: 'livelock', limit: 'jumps', jumps: 100, waiting: ['again'] })
})

test('time does not move while a pin is held', async () => {
  const world = new SimWorld()
  const release = world.pins.hold('real I/O')
  const reading = Promise.withResolvers<void>()
  // Several real turns of the event loop, as I/O takes.
  let turns = 0
  const turn = (): void => {
    turns++
    if (turns < 20) setImmediate(turn)
    else {
      reading.resolve()
      release()
    }
  }
  setImmediate(turn)
  let timedOut = false
  void sleep(world, 1).then(() => (timedOut = true))
  await drive(world, reading.promise)
  expect({ timedOut, nowMs: world.clock.monotonicMs() }).toEqual({ timedOut: false, nowMs: 0 })
})

test('a pin nobody releases is given up by the watchdog, by name', async () => {
  const world = new SimWorld()
  world.pins.hold('GET http://127.0.0.1/slow')
  const end = await drive(world, new Promise(() => {}), { limits: { realMs: 1 } })
  expect(end).toEqual({ kind: 'stuck', pins: ['GET http://127.0.0.1/slow'], realMs: 1 })
})

test('draining lets what was given up on settle', async () => {
  const world = new SimWorld()
  let late = false
  void sleep(world, 5_000).then(() => (late = true))
  await drive(world, Promise.resolve())
  expect(late).toBe(false)
  await drain(world)
  expect(late).toBe(true)
})

test('draining ends at a limit of jumps, its own or a lower one: what was given up on may have a heartbeat', async () => {
  const drained = async (options?: DriveOptions): Promise<number> => {
    const world = new SimWorld()
    const beat = (): void => void world.clock.after(1, 'beat', beat)
    beat()
    await drain(world, options)
    return world.clock.monotonicMs()
  }
  expect(await drained()).toBe(1_000)
  expect(await drained({ limits: { jumps: 5_000 } })).toBe(1_000)
  expect(await drained({ limits: { jumps: 10 } })).toBe(10)
})

test('the end of a turn is waited for without moving time, and holds it no longer', async () => {
  const world = new SimWorld()
  const work = async (): Promise<number> => {
    await new Promise<void>((resolve) => world.clock.afterTurn(resolve))
    const nowMs = world.clock.monotonicMs()
    await sleep(world, 10)
    return nowMs
  }
  const done = work()
  expect(await drive(world, done, { limits: { realMs: 500 } })).toEqual({ kind: 'settled' })
  expect([await done, world.clock.monotonicMs()]).toEqual([0, 10])
})

test('ids count up, those of each kind by themselves', () => {
  const { nextId } = new SimWorld()
  expect([nextId('run'), nextId('run'), nextId('order'), nextId('run')]).toEqual([
    'run-1',
    'run-2',
    'order-1',
    'run-3',
  ])
})

test('what code under test has of a world is its clock, randomness, ids and marks, and the boundary where there is one', () => {
  const world = new SimWorld()
  expect(Object.keys(world.view)).toEqual(['clock', 'random', 'nextId', 'mark'])
  world.boundary = (_call, real) => real()
  expect(Object.keys(world.view)).toEqual(['clock', 'random', 'nextId', 'boundary', 'mark'])
  expect(world.view).toMatchObject({ clock: world.clock, random: world.random, boundary: world.boundary })
  expect(Object.isFrozen(world.view)).toBe(true)
})

test('what a timer’s callback throws ends nobody’s wait and is kept', async () => {
  const world = new SimWorld()
  world.clock.after(10, 'careless', () => {
    throw new Error('thrown in a timer')
  })
  const end = await drive(world, sleep(world, 20))
  expect(end.kind).toBe('settled')
  expect(world.uncaught).toMatchObject([{ message: 'thrown in a timer' }])
})

test.for([
  [Number.NaN, 1],
  [-5, 0],
  [Number.POSITIVE_INFINITY, 2_147_483_647],
] as const)('a wait of %d ms is one of %d ms, as the real world has it', async ([askedMs, waitedMs]) => {
  const world = new SimWorld()
  await drive(world, sleep(world, askedMs))
  expect(world.clock.monotonicMs()).toBe(waitedMs)
})
