import { isPlainJson } from '../base/plain-json.ts'
import { describeValue } from './describe-value.ts'

/** Values looked at before data is described instead; looking costs nanoseconds each, so tens of ms at most. */
const PLAIN_VALUES_MAX = 1_000_000
/** Characters of all texts together: more than any store keeps of a payload, and a fraction of the longest string. */
const PLAIN_CHARS_MAX = 134_217_728
/** Deeper than any hand-written object; also what stops the look at a cyclic one. */
const PLAIN_DEPTH_MAX = 32
const PLAIN = { depthMax: PLAIN_DEPTH_MAX, valuesMax: PLAIN_VALUES_MAX, charsMax: PLAIN_CHARS_MAX }

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
    if (isPlainJson(value, PLAIN)) return JSON.stringify(value)
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
