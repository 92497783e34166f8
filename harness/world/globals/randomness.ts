import nodeCrypto from 'node:crypto'
import { types } from 'node:util'
import { type Fake, fakeOf } from './fake.ts'
import { runningFor } from './running.ts'

type Random = () => number
type Uuid = typeof nodeCrypto.randomUUID
type Values = (into: RandomTarget) => RandomTarget
type Callback<T> = (error: Error | null, value: T) => void
type Bytes = (size: number, callback?: Callback<Buffer>) => Buffer | void
type Int = (...given: readonly unknown[]) => number | void
type FillSync = (into: Filled, offset?: number, size?: number) => Filled
type Fill = (into: Filled, ...rest: readonly unknown[]) => void
/** What is filled by `node:crypto`. */
type Filled = ArrayBufferLike | ArrayBufferView
type RandomTarget = Parameters<typeof crypto.getRandomValues>[0]

/** Most bytes that `crypto.getRandomValues` fills at once. */
const RANDOM_BYTES_MAX = 65_536

/** Most bytes that `randomBytes` of `node:crypto` gives. */
const BUFFER_BYTES_MAX = 2_147_483_647
/** Widest range of `randomInt`: 48 bits. */
const RANGE_MAX = 2 ** 48 - 1

const { crypto: webCrypto } = globalThis

/** Randomness under the scenario's seed. What Node refuses is refused by Node, in its words. */
export const RANDOM_FAKES: readonly Fake[] = [
  fakeOf<Random>([[Math, 'random']], (outside) => () => (runningFor()?.random ?? outside())()),
  fakeOf<Uuid>([[webCrypto, 'randomUUID']], uuidOf),
  fakeOf<Uuid>([[nodeCrypto, 'randomUUID']], uuidOf),
  // `getRandomValues` of `node:crypto` asks this one.
  fakeOf<Values>([[webCrypto, 'getRandomValues']], (outside) => (into) => {
    const random = runningFor()?.random
    if (random === undefined || !isFillable(into)) return Reflect.apply(outside(), webCrypto, [into])
    return fill(into, random)
  }),
  fakeOf<Bytes>([[nodeCrypto, 'randomBytes']], bytesOf),
  fakeOf<FillSync>([[nodeCrypto, 'randomFillSync']], fillSyncOf),
  fakeOf<Fill>([[nodeCrypto, 'randomFill']], fillOf),
  fakeOf<Int>([[nodeCrypto, 'randomInt']], intOf),
]

function uuidOf(outside: () => Uuid): Uuid {
  return (options) => {
    const random = runningFor()?.random
    return random === undefined ? Reflect.apply(outside(), webCrypto, [options]) : seededUuid(random)
  }
}

/** What `crypto.getRandomValues` takes. */
function isFillable(into: unknown): boolean {
  return (
    ArrayBuffer.isView(into) &&
    !(into instanceof DataView) &&
    !isFloatArray(into) &&
    into.byteLength <= RANDOM_BYTES_MAX
  )
}

function isFloatArray(view: object): boolean {
  return Object.prototype.toString.call(view).startsWith('[object Float')
}

function fill(into: RandomTarget, random: Random): RandomTarget {
  drawInto(new Uint8Array(into.buffer, into.byteOffset, into.byteLength), random)
  return into
}

function drawInto<B extends Uint8Array>(bytes: B, random: Random): B {
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256)
  return bytes
}

function fillSyncOf(outside: () => FillSync): FillSync {
  return (...given) => {
    const random = runningFor()?.random
    const part = random === undefined ? undefined : partOf(...given)
    if (random === undefined || part === undefined) return outside()(...given)
    drawInto(part, random)
    return given[0]
  }
}

/** `randomFill(into, callback)`, with an offset and a size before the callback. */
function fillOf(outside: () => Fill): Fill {
  return (into, ...rest) => {
    const random = runningFor()?.random
    const callback = rest.at(-1)
    const part = rest.length > 3 ? undefined : partOf(into, ...rest.slice(0, -1))
    if (random === undefined || part === undefined || !isCallback<Filled>(callback) || callback === undefined)
      return outside()(into, ...rest)
    drawInto(part, random)
    answer(into, callback)
  }
}

/** The bytes that are meant; `undefined` for what Node refuses. Offset and size are in elements, as Node counts them. */
function partOf(into: Filled, offset: unknown = 0, size?: unknown): Uint8Array | undefined {
  if (!ArrayBuffer.isView(into) && !types.isAnyArrayBuffer(into)) return undefined
  const [buffer, start] = ArrayBuffer.isView(into) ? [into.buffer, into.byteOffset] : [into, 0]
  const width = 'BYTES_PER_ELEMENT' in into ? Number(into.BYTES_PER_ELEMENT) : 1
  const from = Number(offset) * width
  const length = size === undefined ? into.byteLength - from : Number(size) * width
  const isTaken = typeof offset === 'number' && (size === undefined || typeof size === 'number')
  return isTaken && isLength(from) && isLength(length) && from + length <= into.byteLength
    ? new Uint8Array(buffer, start + from, length)
    : undefined
}

function isLength(bytes: number): boolean {
  return Number.isInteger(bytes) && bytes >= 0
}

/** A version 4 UUID (RFC 9562) of seeded bytes. */
function seededUuid(random: Random): ReturnType<Uuid> {
  const hex = (digits: number): string =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  const variant = (8 + Math.floor(random() * 4)).toString(16)
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`
}

function bytesOf(outside: () => Bytes): Bytes {
  return (size, callback) => {
    const random = runningFor()?.random
    const isTaken = typeof size === 'number' && size >= 0 && size <= BUFFER_BYTES_MAX && isCallback(callback)
    if (random === undefined || !isTaken) return outside()(size, callback)
    return answer(drawInto(Buffer.alloc(size), random), callback)
  }
}

/** `randomInt(max)`, `randomInt(min, max)`, and a callback after either. */
function intOf(outside: () => Int): Int {
  return (...given) => {
    const random = runningFor()?.random
    const [first, second] = given
    const [min, max, callback] = typeof second === 'number' ? given : [0, first, second]
    if (random === undefined || !isRange(min, max) || !isCallback<number>(callback))
      return outside()(...given)
    return answer(Number(min) + Math.floor(wide(random) * (Number(max) - Number(min))), callback)
  }
}

/** 53 bits, where one draw has 32. */
function wide(random: Random): number {
  return (Math.floor(random() * 2 ** 21) * 2 ** 32 + Math.floor(random() * 2 ** 32)) / 2 ** 53
}

/** With a callback they answer in a later tick, as Node's do. */
function answer<T>(value: T, callback: Callback<T> | undefined): T | void {
  if (callback === undefined) return value
  process.nextTick(callback, null, value)
}

function isRange(min: unknown, max: unknown): boolean {
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) return false
  const range = Number(max) - Number(min)
  return range > 0 && range <= RANGE_MAX
}

function isCallback<T>(value: unknown): value is Callback<T> | undefined {
  return value === undefined || typeof value === 'function'
}
