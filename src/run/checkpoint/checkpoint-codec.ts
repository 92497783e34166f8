import type * as Crypto from 'node:crypto'
import type * as V8 from 'node:v8'
import { ConfigurationError } from '../../base/control.ts'

/** What the bytes of a checkpoint begin with: how the rest is kept. */
const PLAIN = 1
const ENCRYPTED = 2
/** As AES-GCM wants them. */
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
/** Before each part: its length. */
const LENGTH_BYTES = 4

/** Both are loaded for the first durable run: most processes have none. */
const v8 = (): typeof V8 => process.getBuiltinModule('node:v8')
const crypto = (): typeof Crypto => process.getBuiltinModule('node:crypto')

/**
 * The bytes of a value, which survive the process: maps, dates, bytes and `undefined` come back as they were.
 * @throws what V8 says of a value that it cannot write
 */
export function encode(value: unknown): Buffer {
  return v8().serialize(value)
}

export function decode(bytes: Buffer): unknown {
  return v8().deserialize(bytes)
}

/** Turns what a checkpoint is made of into what is stored, and back; with a key, nobody else can read or change it. */
export class CheckpointCodec {
  readonly #key: Uint8Array | undefined

  constructor(key: Uint8Array | undefined) {
    this.#key = key
  }

  /** @param about what it is the checkpoint of: one that is moved to another place is refused there */
  seal(about: string, parts: readonly Buffer[]): Uint8Array {
    const bytes = parts.flatMap((part) => {
      const length = Buffer.allocUnsafe(LENGTH_BYTES)
      length.writeUInt32LE(part.length)
      return [length, part]
    })
    if (this.#key === undefined) return Buffer.concat([Buffer.of(PLAIN), ...bytes])
    const { createCipheriv, randomBytes } = crypto()
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(about))
    const hidden = [...bytes.map((part) => cipher.update(part)), cipher.final()]
    return Buffer.concat([Buffer.of(ENCRYPTED), iv, cipher.getAuthTag(), ...hidden])
  }

  /** @throws ConfigurationError when the key is not the one the checkpoint was written with */
  open(about: string, data: Uint8Array): readonly Buffer[] {
    const bytes = this.#readable(about, data)
    const parts: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      const end = at + LENGTH_BYTES + bytes.readUInt32LE(at)
      parts.push(bytes.subarray(at + LENGTH_BYTES, end))
      at = end
    }
    return parts
  }

  #readable(about: string, data: Uint8Array): Buffer {
    // A copy: what is read from it may share its memory.
    const bytes = Buffer.from(data)
    if (bytes[0] === PLAIN) return bytes.subarray(1)
    if (bytes[0] !== ENCRYPTED)
      throw new ConfigurationError('Expected checkpoints of this version of shakedown, got others.', {
        hint: 'Carry the run on with the version it was started with.',
      })
    if (this.#key === undefined)
      throw new ConfigurationError(
        'Expected `checkpointKey` of createEngine to be given, because the checkpoints are encrypted; got none.',
        { hint: 'Nothing was changed. Start the engine with the key, and try again.' },
      )
    const ivEnd = 1 + IV_BYTES
    const tagEnd = ivEnd + TAG_BYTES
    const decipher = crypto().createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(1, ivEnd))
    decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(ivEnd, tagEnd))
    try {
      return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()])
    } catch (cause) {
      throw new ConfigurationError(
        'Expected `checkpointKey` of createEngine to be the key the checkpoints were written with, got another one.',
        { hint: 'Nothing was changed. Start the engine with the right key, and try again.', cause },
      )
    }
  }
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
