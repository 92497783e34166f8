import { execFile } from 'node:child_process'
import nodeCrypto from 'node:crypto'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { GlobalTimeline } from '../../../../harness/world/globals/global-timeline.ts'
import type { WaitingTimer } from '../../../../harness/world/globals/virtual-timers.ts'
import { WALL_START_MS } from '../../../../harness/world/sim-world.ts'
import { inNameOf } from '../../../../harness/world/work/hook.ts'
import { Work } from '../../../../harness/world/work/work.ts'

const names = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'Date',
  'performance',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
] as const

/** What the globals are at this moment. `performance` keeps its identity and is faked inside. */
function globals(): Record<string, unknown> {
  return {
    ...Object.fromEntries(names.map((name) => [name, globalThis[name]])),
    performance: performance.now,
    hrtime: process.hrtime,
    nextTick: process.nextTick,
  }
}

test('timers, dates and the monotonic clock are virtual meanwhile, turns and microtasks stay real', () => {
  const before = globals()
  const timeline = new GlobalTimeline(WALL_START_MS)
  let faked: string[]
  let nowMs: readonly number[]
  try {
    faked = Object.entries(globals()).flatMap(([name, value]) => (value === before[name] ? [] : [name]))
    nowMs = [inNameOf(new Work(() => 0), () => Date.now()), Date.now()]
  } finally {
    timeline.uninstall()
  }
  expect(faked).toEqual([
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'Date',
    'performance',
    'hrtime',
  ])
  expect(nowMs).toEqual([WALL_START_MS, expect.any(Number)])
  expect(nowMs[1]).not.toBe(WALL_START_MS)
  expect(globals()).toEqual(before)
})

test('what waits is told by name, or by what it is and how long it takes', () => {
  const timeline = new GlobalTimeline(WALL_START_MS)
  try {
    expect([timeline.points(), timeline.fireNext(), timeline.nowMs]).toEqual([[], false, 0])
    let fired = 0
    const one = timeline.after(10, 'one', () => fired++)
    expect(timeline.points()).toEqual(['one'])
    inNameOf(new Work(() => 0), () => setTimeout(() => fired++, 20))
    expect(timeline.points()).toEqual(['one', 'setTimeout of 20 ms'])
    expect(timeline.isOver).toBe(false)
    one.cancel()
    expect([timeline.fireNext(), timeline.nowMs, fired]).toEqual([true, 20, 1])
  } finally {
    timeline.uninstall()
  }
  expect(timeline.isOver).toBe(true)
})

/** Puts a property in its place for a while. */
function withProperty<T>(holder: object, key: string, property: PropertyDescriptor, act: () => T): T {
  const before = Object.getOwnPropertyDescriptor(holder, key)!
  Object.defineProperty(holder, key, { ...property, configurable: true })
  try {
    return act()
  } finally {
    Object.defineProperty(holder, key, before)
  }
}

/** What gives another value each time is believed to have been changed, so it is given its value back. */
const locked: PropertyDescriptor = {
  get: () => () => 0.5,
  set: () => {
    throw new Error('locked')
  },
}

test('what cannot be put back is told with its cause, and all else is put back', () => {
  const before = globals()
  withProperty(Math, 'random', locked, () => {
    const timeline = new GlobalTimeline(WALL_START_MS)
    expect(globals()).not.toEqual(before)
    expect(() => timeline.uninstall()).toThrow(
      expect.objectContaining({
        code: 'E_TIMERS_TAKEN',
        message:
          'Expected the global timers to be replaceable after the scenario, but code of it has locked one of them, which stays virtual.',
        cause: new Error('locked'),
        hint: expect.stringContaining('Object.freeze'),
      }),
    )
  })
  expect(globals()).toEqual(before)
})

test('where the last of the globals cannot be replaced, that is told and the others are put back, whatever that meets', () => {
  const before = globals()
  const refusing: PropertyDescriptor = {
    get: () => {
      throw new Error('not to be read')
    },
  }
  withProperty(nodeCrypto, 'randomInt', refusing, () => {
    expect(() => new GlobalTimeline(WALL_START_MS)).toThrow('not to be read')
    expect(globals()).toEqual(before)
    withProperty(Math, 'random', locked, () => {
      expect(() => new GlobalTimeline(WALL_START_MS)).toThrow('not to be read')
    })
  })
  expect(globals()).toEqual(before)
})

/** In a process of its own: what is locked stays locked. */
async function lockedBy(code: string): Promise<unknown> {
  const script = `
    const names = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date']
    const now = () => ({
      ...Object.fromEntries(names.map((name) => [name, globalThis[name]])),
      random: Math.random, timeout: AbortSignal.timeout, uuid: crypto.randomUUID, values: crypto.getRandomValues,
      now: performance.now, sleep: timersPromises.setTimeout, timersSetTimeout: timers.setTimeout,
      listeners: process.listenerCount('unhandledRejection'),
    })
    const { default: timers } = await import('node:timers')
    const { default: timersPromises } = await import('node:timers/promises')
    const { runScenario, scenario } = await import('shakedown/harness')
    const before = now()
    const lock = (name) => Object.defineProperty(globalThis, name, { writable: false, configurable: false })
    let subject = () => {}
    ${code}
    const { message } = await runScenario(scenario('locks').subject(subject).timers('global')).then(() => ({}), (e) => e)
    const after = now()
    console.log(JSON.stringify({ message, left: Object.keys(before).filter((key) => before[key] !== after[key]) }))`
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@shakedown/source',
    '--input-type=module',
    '--eval',
    script,
  ])
  return JSON.parse(stdout)
}

test('what cannot be faked leaves nothing virtual', async () => {
  expect(await lockedBy('Object.freeze(Math)')).toEqual({
    message: expect.stringContaining('random'),
    left: [],
  })
})

test('what a subject has locked keeps nothing else virtual, and is told', async () => {
  expect(await lockedBy("subject = () => { lock('setTimeout') }")).toEqual({
    message: expect.stringContaining('locked'),
    left: ['setTimeout'],
  })
})

test('whether only kept timers wait is told without a look at each timer', () => {
  const timeline = new GlobalTimeline(WALL_START_MS)
  let looks = 0
  const timer = (isKept: boolean): WaitingTimer => ({
    words: 'setTimeout of 5 ms',
    madeAtMs: 0,
    setAtMs: 0,
    delayMs: 5,
    repeats: false,
    hasRef: () => true,
    get isKept() {
      looks++
      return isKept
    },
    close: () => {},
    keepIn: () => {},
  })
  try {
    const own = timer(false)
    const due = timeline.set(own, 5, () => {})
    timeline.set(timer(true), 5, () => {})
    looks = 0
    timeline.points = () => expect.unreachable('the list of all was made')
    expect([timeline.onlyKeptWait(), looks]).toEqual([false, 0])
    due.cancel()
    timeline.unset(own)
    expect([timeline.onlyKeptWait(), looks]).toEqual([true, 1])
  } finally {
    timeline.uninstall()
  }
})
