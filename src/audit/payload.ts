import { hash } from 'node:crypto'
import * as z from '../base/zod.ts'
import type { SerializedError } from '../base/result.ts'
import { errorText } from './error-text.ts'
import { jsonText } from './json-text.ts'
import { SECRET_CHARS_MIN } from '../base/redact/literals.ts'
import { createRedactor } from '../base/redact/redactor.ts'
import type { StoredPayload } from './store.ts'

/** One payload's share of the file: enough for a page of text or a small table, a thousand of them make 64 MiB. */
const PAYLOAD_BYTES_MAX = 65_536

/** What `payloadBytesMax` can be raised to; SQLite itself ends at ten times that. */
const PAYLOAD_BYTES_LIMIT = 104_857_600

/** Texts remembered with what is stored of them: more than most pipelines have nodes, and 512 KB at most. */
const REMEMBERED_MAX = 1_000
const REMEMBERED_CHARS_MAX = 256

export interface PayloadOptions {
  /** Longest payload or text stored whole, in bytes of UTF-8; longer ones are cut. Default 65 536. */
  readonly payloadBytesMax?: number | undefined
  /**
   * Secret values of at least 4 characters that are hidden in every text before it is stored, besides what is a secret
   * by its shape or its name (`createRedactor` lists them); empty ones are left out. Ids of runs and tokens are not
   * looked at: what is looked up must stay as it is.
   */
  readonly redact?: readonly string[] | undefined
}

/** The options above, for the schemas of both stores. */
export const payloadShape: {
  readonly payloadBytesMax: z.ZodOptional<z.ZodNumber>
  readonly redact: z.ZodOptional<z.ZodReadonly<z.ZodArray<z.ZodString>>>
} = {
  payloadBytesMax: z.number().int().min(1).max(PAYLOAD_BYTES_LIMIT).optional(),
  redact: z
    .array(
      z
        .string()
        .refine(
          (secret) => secret === '' || secret.length >= SECRET_CHARS_MIN,
          `expected secrets of at least ${SECRET_CHARS_MIN} characters, shorter ones are in every other word`,
        ),
    )
    .readonly()
    .optional(),
}

/** A payload that already is in its stored form: cut, or copied from another store. Accepted in place of a value. */
export class StoredText {
  readonly payload: StoredPayload

  constructor(payload: StoredPayload) {
    this.payload = payload
  }
}

/**
 * An error that already is in its stored form, for a record that wants one. The codec knows it again; nothing else
 * looks into an error between `append` and the store.
 */
export function storedError(payload: StoredPayload | null): SerializedError | null {
  return payload === null ? null : (new StoredText(payload) as unknown as SerializedError)
}

type Bag = Readonly<Record<string, unknown>>

/** A copy of a bag of texts, numbers and the like: writing it as JSON can wait until it is stored. */
class FlatBag {
  readonly bag: Bag

  constructor(bag: Bag) {
    this.bag = bag
  }
}

/** What `append` keeps of a value: JSON text that later changes of the value cannot reach; `null` for `undefined`. */
export type Snapshot = string | StoredText | FlatBag | null

/** Turns values into what is stored. Taking a snapshot is cheap; storing it does the rest, when it is needed. */
export interface PayloadCodec {
  snapshot(value: unknown): Snapshot
  /**
   * For metadata and details, which are read back as objects: `null` when empty, and too large ones become an
   * object that says so.
   */
  bagSnapshot(bag: Bag): Snapshot
  stored(snapshot: Snapshot): StoredPayload | null
  /** Errors are immutable already, and their stacks too dear to format on `append`. */
  storedError(error: SerializedError | null): StoredPayload | null
  storedBag(snapshot: Snapshot): string | null
  text(text: string): string
}

export function createPayloadCodec(options: PayloadOptions): PayloadCodec {
  const bytesMax = options.payloadBytesMax ?? PAYLOAD_BYTES_MAX
  const redactor = createRedactor(options.redact ?? [])
  // Redacted before it is cut and hashed: a secret across the cut, or guessed from a hash, is a secret told.
  const finished = (json: string): StoredPayload => cutPayload(redactor.json(json), bytesMax)

  const stored = (snapshot: Snapshot): StoredPayload | null => {
    if (snapshot === null) return null
    if (typeof snapshot === 'string') return finished(snapshot)
    if (snapshot instanceof FlatBag) return finished(jsonText(snapshot.bag))
    const { payload } = snapshot
    if (!payload.truncated) return finished(payload.json)
    return { ...payload, json: head(redactor.text(payload.json), bytesMax) }
  }
  return {
    stored,
    snapshot(value) {
      if (value === undefined) return null
      if (value instanceof StoredText) return value
      const json = jsonText(value)
      return fits(json, bytesMax) ? json : new StoredText(finished(json))
    },
    bagSnapshot(bag) {
      if (isEmpty(bag)) return null
      const flat = flatCopy(bag)
      if (flat !== undefined) return new FlatBag(flat)
      const json = jsonText(bag)
      return json === '{}' ? null : bagText(json, finished, bytesMax)
    },
    storedBag(snapshot) {
      const json =
        snapshot instanceof FlatBag ? bagText(jsonText(snapshot.bag), finished, bytesMax) : snapshot
      return typeof json === 'string' ? redactor.json(json) : null
    },
    storedError(error) {
      if (error === null || error instanceof StoredText) return stored(error)
      return finished(errorText(error))
    },
    text: remembered((text) => cutText(redactor.text(text).toWellFormed(), bytesMax)),
  }
}

/**
 * Names and paths come again with every record of their node: looking one up costs a tenth of looking it through.
 */
function remembered(stored: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    if (text.length > REMEMBERED_CHARS_MAX) return stored(text)
    let kept = known.get(text)
    if (kept === undefined) {
      kept = stored(text)
      if (known.size >= REMEMBERED_MAX) known.clear()
      known.set(text, kept)
    }
    return kept
  }
}

/** A plain object without keys, as most are; nothing is copied to see that. */
function isEmpty(bag: Bag): boolean {
  try {
    if (Object.getPrototypeOf(bag) !== Object.prototype) return false
    for (const key in bag) if (Object.hasOwn(bag, key)) return false
    return true
  } catch {
    return false
  }
}

/** A copy of a bag that holds no objects; `undefined` for any other one. */
function flatCopy(bag: Bag): Bag | undefined {
  try {
    if (Object.getPrototypeOf(bag) !== Object.prototype) return undefined
    const copy: Bag = { ...bag }
    for (const key in copy) {
      const value = copy[key]
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') return undefined
    }
    return copy
  } catch {
    // What cannot be looked into is for `jsonText`.
    return undefined
  }
}

function bagText(json: string, finished: (json: string) => StoredPayload, bytesMax: number): string {
  if (fits(json, bytesMax)) return json
  const payload = finished(json)
  return payload.truncated ? JSON.stringify({ '[truncated]': payload }) : payload.json
}

function cutPayload(json: string, bytesMax: number): StoredPayload {
  if (fits(json, bytesMax)) return { json, truncated: false }
  return {
    json: head(json, bytesMax),
    truncated: true,
    fullLength: json.length,
    sha256: hash('sha256', json),
  }
}

function cutText(text: string, bytesMax: number): string {
  if (fits(text, bytesMax)) return text
  return `${head(text, bytesMax)}… [truncated: ${text.length} characters, SHA-256 ${hash('sha256', text)}]`
}

function fits(text: string, bytesMax: number): boolean {
  // A UTF-16 code unit takes at most three bytes of UTF-8, so most texts need not be measured.
  return text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax
}

/** The longest head that fits and splits no character. */
function head(text: string, bytesMax: number): string {
  if (fits(text, bytesMax)) return text
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytesMax))
  return text.slice(0, read)
}
