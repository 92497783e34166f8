import nodeCrypto from 'node:crypto'
import { type Fake, fakeOf } from './fake.ts'
import { runningFor } from './running.ts'

type Random = () => number
type Uuid = typeof nodeCrypto.randomUUID
type Values = (into: RandomTarget) => RandomTarget
type RandomTarget = Parameters<typeof crypto.getRandomValues>[0]

/** Most bytes that `crypto.getRandomValues` fills at once. */
const RANDOM_BYTES_MAX = 65_536

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
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * 256)
  return into
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
