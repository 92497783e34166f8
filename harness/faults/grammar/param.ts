import { isStoredJson, type StoredJson } from './json.ts'
import { BYTES_MAX, DELAY_MS_MAX, WORD_MAX } from './limits.ts'
import { isWord } from './scanner.ts'

/** What kind of value a verb's parameter takes. */
export type ParamType =
  /** Text in double quotes. */
  | { readonly kind: 'text' }
  /** An error code as a bare word, e.g. `ECONNRESET`. */
  | { readonly kind: 'code' }
  /** One of the listed bare words. */
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly unit?: string }
  /** Virtual milliseconds: `200`, `200ms` or `2s`. */
  | { readonly kind: 'duration' }
  /** A size: `40`, `40B`, `40kB` or `4MB` (decimal). */
  | { readonly kind: 'bytes' }
  | { readonly kind: 'json' }
  /** Seconds as HTTP says them: a number, or a text that need not be one. */
  | { readonly kind: 'seconds' }
  /** HTTP headers as a JSON object. */
  | { readonly kind: 'headers' }

/** One parameter of a verb. The parser, the printer, the builder's checks and the docs table all read this. */
export interface Param {
  readonly name: string
  readonly type: ParamType
  readonly required: boolean
  /**
   * For a positional parameter: the named one that a bare word in its place stands for.
   * `reject(ECONNRESET)` is `reject(code=ECONNRESET)`.
   */
  readonly bareWord?: string
}

/** An argument as it was written, before anything is known about the parameter it is for. */
export type RawArg =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'number'; readonly value: number; readonly unit: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'composite'; readonly value: StoredJson }

/** These bare words read like values; as an error code each would be a misunderstanding. */
const VALUE_WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'undefined'])
/** JSON's own words and what they mean. */
const JSON_WORDS: ReadonlyMap<string, StoredJson> = new Map<string, StoredJson>([
  ['true', true],
  ['false', false],
  ['null', null],
])
/** What a header can be called, and say (RFC 9110, 5.1 and 5.5); white space around a text would be lost on its way. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const HEADER_TEXT = /^(?:[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?)?$/
const MS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1000],
])
const BYTES_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ['kB', 1000],
  ['MB', 1_000_000],
])

/** Completes `Expected …` for a parameter of this type. */
export function describeType(type: ParamType): string {
  switch (type.kind) {
    case 'text':
      return 'a text in double quotes'
    case 'code':
      return 'an error code such as ECONNRESET'
    case 'word':
      return `one of ${type.words.join(', ')}`
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `an integer from ${type.min} to ${type.max}${type.unit === undefined ? '' : ` (${type.unit})`}`
    case 'duration':
      return `a duration from 0 to ${DELAY_MS_MAX} ms, such as 200, 200ms or 2s`
    case 'bytes':
      return `a size from 0 to ${BYTES_MAX} bytes, such as 40B, 40kB or 4MB`
    case 'json':
      return 'a JSON value'
    case 'seconds':
      return 'a number of seconds from 0, or a text in double quotes such as an HTTP date'
    case 'headers':
      return 'an object of header names and texts, such as {"x-request-id":"7"}'
  }
}

/** True when the value is one this type takes. Text and builder are held to this same rule. */
export function acceptsValue(type: ParamType, value: unknown): value is StoredJson {
  switch (type.kind) {
    case 'text':
      return typeof value === 'string'
    case 'code':
      return typeof value === 'string' && value.length <= WORD_MAX && isWord(value) && !VALUE_WORDS.has(value)
    case 'word':
      return typeof value === 'string' && type.words.includes(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return isWithin(value, type.min, type.max) && Number.isInteger(value)
    case 'duration':
      return isWithin(value, 0, DELAY_MS_MAX)
    case 'bytes':
      return isWithin(value, 0, BYTES_MAX) && Number.isInteger(value)
    case 'json':
      return isStoredJson(value)
    case 'seconds':
      return (
        isWithin(value, 0, Number.MAX_SAFE_INTEGER) || (typeof value === 'string' && HEADER_TEXT.test(value))
      )
    case 'headers':
      return isStoredJson(value) && isHeaders(value)
  }
}

/** The value a written argument has for this type; `undefined` when it does not fit. */
export function readArg(type: ParamType, raw: RawArg): StoredJson | undefined {
  const value = convert(type, raw)
  return acceptsValue(type, value) ? value : undefined
}

/** The canonical text of a value of this type: what `readArg` reads back as the same value. */
export function printArg(type: ParamType, value: StoredJson): string {
  if (typeof value === 'string' && (type.kind === 'code' || type.kind === 'word')) return value
  return type.kind === 'bytes' ? `${JSON.stringify(value)}B` : JSON.stringify(value)
}

function convert(type: ParamType, raw: RawArg): StoredJson | undefined {
  switch (raw.kind) {
    case 'word':
      return type.kind === 'code' || type.kind === 'word' ? raw.word : JSON_WORDS.get(raw.word)
    case 'number':
      return convertNumber(type, raw.value, raw.unit)
    case 'string':
      // Quotes make text; codes and listed words are written bare, so that each value has one spelling.
      return type.kind === 'code' || type.kind === 'word' ? undefined : raw.value
    case 'composite':
      return raw.value
  }
}

function convertNumber(type: ParamType, value: number, unit: string): number | undefined {
  if (type.kind === 'duration') return scale(value, MS_PER_UNIT.get(unit))
  if (type.kind === 'bytes') return scale(value, BYTES_PER_UNIT.get(unit))
  return unit === '' ? value : undefined
}

function scale(value: number, factor: number | undefined): number | undefined {
  if (factor === undefined) return undefined
  if (factor === 1) return value
  // 1.1 × 1000 is not 1100 in binary; no script is finer than a billionth of the unit.
  return Number((value * factor).toPrecision(15))
}

function isHeaders(value: StoredJson): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(
    ([name, text]) => HEADER_NAME.test(name) && typeof text === 'string' && HEADER_TEXT.test(text),
  )
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max && !Object.is(value, -0)
}
