import { hasSubscribers } from 'node:diagnostics_channel'
import { expect, test } from 'vitest'
import { trackWork } from '../../../../harness/world/work/track.ts'
import { isWebCryptoCalling } from '../../../../harness/world/work/web-crypto.ts'
import { Work } from '../../../../harness/world/work/work.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
/** Nothing but ours listens to it. */
const isListening = (): boolean => hasSubscribers('undici:client:sendHeaders')
const work = () => new Work(() => 0)

test('clients are listened to while any scenario runs, and a turn longer', async () => {
  const first = trackWork(work())
  const second = trackWork(work())
  first()
  await turn()
  expect(isListening()).toBe(true)
  second()
  expect(isListening()).toBe(true)
  await turn()
  expect(isListening()).toBe(false)
})

test('a scenario that begins in that turn is listened to as well, and ends it after itself', async () => {
  trackWork(work())()
  const next = trackWork(work())
  await turn()
  expect(isListening()).toBe(true)
  next()
  await turn()
  expect(isListening()).toBe(false)
})

test('what a scenario has begun is let go of at its end, and what begins in its name later is not noted', () => {
  const noted = work()
  const end = trackWork(noted)
  noted.beginAs('a socket', 'a connection', () => 'soft')
  expect(noted.open()).toHaveLength(1)
  end()
  expect(noted.open()).toEqual([])
  noted.beginAs('another', 'a connection', () => 'soft')
  expect(noted.open()).toEqual([])
})

test('a request is over when it has called back; what tells by itself how it holds time is open until then', () => {
  const noted = new Work(() => 7)
  let stirs = 0
  noted.onStir(() => stirs++)
  noted.beginAs('request', 'GET /', () => 'soft')
  expect(noted.open()).toMatchObject([{ words: 'GET /', sinceMs: 7 }])
  expect(noted.holding().soft).toHaveLength(1)
  noted.calledBack('another')
  expect(stirs).toBe(0)
  noted.calledBack('request')
  expect([noted.open(), stirs]).toEqual([[], 1])
})

test('a subject’s own way of formatting stacks is there again after a look at the stack', () => {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
  const own = (): string => 'formatted by the subject'
  try {
    Object.defineProperty(Error, 'prepareStackTrace', { value: own, configurable: true, writable: true })
    expect(isWebCryptoCalling()).toBe(false)
    expect(Error.prepareStackTrace === own).toBe(true)
    Reflect.deleteProperty(Error, 'prepareStackTrace')
    expect(isWebCryptoCalling()).toBe(false)
    expect(Object.hasOwn(Error, 'prepareStackTrace')).toBe(false)
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
    else Object.defineProperty(Error, 'prepareStackTrace', before)
  }
})
