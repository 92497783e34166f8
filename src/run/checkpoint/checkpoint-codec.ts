import type * as Crypto from 'node:crypto'
import type * as V8 from 'node:v8'
import type * as Zlib from 'node:zlib'
import { keyOf } from './past.ts'
import { damaged, ofAnotherVersion, type Whose, wrongKey } from './unreadable-checkpoint.ts'

/** What the bytes of a checkpoint begin with: how the rest is kept. */
const PLAIN = 3
const ENCRYPTED = 4
/** Of what follows it, and of whose it is: whether the disk gave back what it was given. */
const CHECKSUM_BYTES = 4
const HEAD_BYTES = 1 + CHECKSUM_BYTES
/** As AES-GCM wants them. */
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
/** Before each part: its length. */
const LENGTH_BYTES = 4

/** Both are loaded for the first durable run: most processes have none. */
const v8 = (): typeof V8 => process.getBuiltinModule('node:v8')
const crypto = (): typeof Crypto => process.getBuiltinModule('node:crypto')
const zlib = (): typeof Zlib => process.getBuiltinModule('node:zlib')

/**
 * The bytes of a value, which survive the process: maps, dates, bytes and `undefined` come back as they were.
 * @throws what V8 says of a value that it cannot write
 */
export function encode(value: unknown): Buffer {
  return v8().serialize(value)
}

/** Bytes in a value come back as views of their own memory, and of no more than they show. */
export function decode(bytes: Buffer): unknown {
  const reader = new (readerClass())(bytes)
  reader.readHeader()
  return reader.readValue()
}

/** V8 gives what it was asked to write a header with its version, and reads what has no later one. */
function isReadable(part: Buffer): boolean {
  const header = v8().serialize(undefined)
  return part[0] === header[0] && (part[1] ?? Infinity) <= (header[1] ?? 0)
}

let madeClass: typeof V8.DefaultDeserializer | undefined

function readerClass(): typeof V8.DefaultDeserializer {
  if (madeClass !== undefined) return madeClass
  const Base = v8().DefaultDeserializer
  // Documented by Node, and not in its types.
  const read = Reflect.get(Base.prototype, '_readHostObject') as (this: unknown) => ArrayBufferView
  madeClass = class extends Base {
    _readHostObject(): ArrayBufferView {
      return withOwnMemory(read.call(this))
    }
  }
  return madeClass
}

/** Node's reader gives windows into what it reads, or into memory that all buffers share. */
function withOwnMemory(view: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = view
  if (Buffer.isBuffer(view)) {
    const own = Buffer.allocUnsafeSlow(byteLength)
    view.copy(own)
    return own
  }
  const Made = view.constructor as new (bytes: ArrayBufferLike) => ArrayBufferView
  return new Made(buffer.slice(byteOffset, byteOffset + byteLength))
}

/**
 * Turns what a checkpoint is made of into what is stored, and back. With a key nobody else can read or change it;
 * without one, damage is noticed, and whoever can write the file can change it.
 */
export class CheckpointCodec {
  readonly #key: Uint8Array | undefined

  constructor(key: Uint8Array | undefined) {
    this.#key = key
  }

  /** @param whose a checkpoint that is moved to another place is refused there */
  seal(whose: Whose, parts: readonly Buffer[]): Uint8Array {
    const body = parts.flatMap((part) => {
      const length = Buffer.allocUnsafe(LENGTH_BYTES)
      length.writeUInt32LE(part.length)
      return [length, part]
    })
    const [kind, stored] =
      this.#key === undefined ? [PLAIN, body] : [ENCRYPTED, hidden(whose, this.#key, body)]
    const head = Buffer.allocUnsafe(HEAD_BYTES)
    head[0] = kind
    head.writeUInt32LE(checksum(whose, kind, stored), 1)
    return Buffer.concat([head, ...stored])
  }

  /** @throws UnreadableCheckpointError */
  open(whose: Whose, data: Uint8Array): readonly Buffer[] {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    const [kind] = bytes
    if (bytes.length < HEAD_BYTES) throw damaged(whose, `${bytes.length} bytes`)
    if (kind !== PLAIN && kind !== ENCRYPTED) throw ofAnotherVersion(whose)
    const stored = bytes.subarray(HEAD_BYTES)
    if (bytes.readUInt32LE(1) !== checksum(whose, kind, [stored])) throw damaged(whose, 'others')
    const parts = partsIn(whose, this.#readable(whose, kind, stored))
    if (!parts.every(isReadable)) throw ofAnotherVersion(whose)
    return parts
  }

  #readable(whose: Whose, kind: number, stored: Buffer): Buffer {
    if (kind === PLAIN) {
      if (this.#key === undefined) return stored
      // Whoever can write the file could put it in the place of what the key protects.
      throw wrongKey(
        whose,
        'what was encrypted with `checkpointKey` of createEngine',
        'something that is not encrypted',
        'If the run was started without a key, carry it on with an engine that has none.',
      )
    }
    if (this.#key === undefined)
      throw wrongKey(
        whose,
        '`checkpointKey` of createEngine, because it is encrypted',
        'none',
        'Start the engine with the key, and try again.',
      )
    return shown(whose, this.#key, stored)
  }
}

function checksum({ runId, key }: Whose, kind: number, stored: readonly Buffer[]): number {
  const { crc32 } = zlib()
  let sum = crc32(keyOf(kind, runId, key))
  for (const part of stored) sum = crc32(part, sum)
  return sum
}

function hidden({ runId, key: place }: Whose, key: Uint8Array, body: readonly Buffer[]): Buffer[] {
  const { createCipheriv, randomBytes } = crypto()
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(keyOf(runId, place)))
  const secret = [...body.map((part) => cipher.update(part)), cipher.final()]
  return [iv, cipher.getAuthTag(), ...secret]
}

function shown(whose: Whose, key: Uint8Array, stored: Buffer): Buffer {
  const tagEnd = IV_BYTES + TAG_BYTES
  try {
    const decipher = crypto().createDecipheriv('aes-256-gcm', key, stored.subarray(0, IV_BYTES))
    decipher.setAAD(Buffer.from(keyOf(whose.runId, whose.key)))
    decipher.setAuthTag(stored.subarray(IV_BYTES, tagEnd))
    return Buffer.concat([decipher.update(stored.subarray(tagEnd)), decipher.final()])
  } catch (cause) {
    throw wrongKey(
      whose,
      '`checkpointKey` of createEngine to be the key it was written with',
      'another one',
      'Start the engine with the right key, and try again.',
      cause,
    )
  }
}

function partsIn(whose: Whose, bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const start = at + LENGTH_BYTES
    const end = start > bytes.length ? Infinity : start + bytes.readUInt32LE(at)
    if (end > bytes.length) throw damaged(whose, 'fewer')
    parts.push(bytes.subarray(start, end))
    at = end
  }
  if (parts.length === 0) throw damaged(whose, 'none')
  return parts
}

/** A key as people give it: 32 bytes, or their hex or base64 text. */
export type CheckpointKey = string | Uint8Array

/** The bytes of a key: of 32 bytes, or their hex or base64 text. `undefined` for something that is none. */
export function keyBytes(key: unknown): Uint8Array | undefined {
  if (key instanceof Uint8Array) return key.length === KEY_BYTES ? Uint8Array.from(key) : undefined
  if (typeof key !== 'string') return undefined
  if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex')
  // 32 bytes are 43 characters of base64, and one that fills up.
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(key) ? Buffer.from(key, 'base64') : undefined
}
