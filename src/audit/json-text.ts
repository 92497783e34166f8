import { describeValue } from './describe-value.ts'

/** Values looked at before data is described instead; looking costs nanoseconds each, so tens of ms at most. */
const PLAIN_VALUES_MAX = 1_000_000
/** Characters of all texts together: more than any store keeps of a payload, and a fraction of the longest string. */
const PLAIN_CHARS_MAX = 134_217_728
/** Deeper than any hand-written object; also what stops the look at a cyclic one. */
const PLAIN_DEPTH_MAX = 32

/**
 * Any value as JSON text, for people to read: never throws, and says what JSON cannot.
 *
 * Plain data is exactly `JSON.stringify`. What JSON has no word for becomes a string in brackets (`"[undefined]"`,
 * `"[Function retry]"`, `"[cyclic: $.parent]"`), a big integer `"12n"`; maps, sets and errors become objects that
 * say so.
 */
export function jsonText(value: unknown): string {
  // A getter may answer once and throw the second time; what it does then is described like anything else.
  try {
    if (isPlain(value)) return JSON.stringify(value)
  } catch {
    // Fall through: describing never reads unguarded.
  }
  try {
    return JSON.stringify(describeValue(value))
  } catch (thrown) {
    // The text would be longer than a string can be (about 512 MB).
    return JSON.stringify(`[unreadable: ${thrown instanceof Error ? thrown.message : 'not encodable'}]`)
  }
}

/** True when `JSON.stringify` loses nothing and changes nothing. */
function isPlain(value: unknown): boolean {
  const left = { values: PLAIN_VALUES_MAX, chars: PLAIN_CHARS_MAX }
  return isPlainValue(value, PLAIN_DEPTH_MAX, left)
}

/** What a look may still cost. */
interface Left {
  values: number
  chars: number
}

function isPlainValue(value: unknown, depth: number, left: Left): boolean {
  switch (typeof value) {
    case 'string':
      return (left.chars -= value.length) >= 0
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      break
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return false
  }
  if (value === null) return true
  if (depth === 0) return false
  if (Array.isArray(value)) {
    if ((left.values -= value.length) < 0) return false
    for (let index = 0; index < value.length; index++)
      if (!isPlainValue(value[index], depth - 1, left)) return false
    return true
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  const keys = Object.keys(value)
  if ((left.values -= keys.length) < 0) return false
  for (const key of keys)
    if (!isPlainValue((value as Record<string, unknown>)[key], depth - 1, left)) return false
  return true
}
