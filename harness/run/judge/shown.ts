import { inspect, types } from 'node:util'
import { createRedactor } from '../../../src/base/redact/redactor.ts'
import type { Redactor } from '../../../src/base/redact/redactor.ts'
import { isPlainJson } from '../../../src/base/plain-json.ts'
import { shorten } from '../../../reporters/text/visible.ts'

/** A line or two; the diff beside the message has more. */
const SHOWN_LENGTH_MAX = 200
/** What is looked at to find out whether a value is plain data. */
const LIMITS = { depthMax: 32, valuesMax: 1_000 } as const

/**
 * A value as a message shows it, on one line: data as JSON, everything else by what it is: `Order { id: 7 }`, `10n`,
 * `Map(1) { 'a' => 1 }`. Never runs code of the value.
 */
export function shown(value: unknown): string {
  // Cut after so many, not before one more: a whole value does not end in an ellipsis.
  return cutTo(textOf(value), SHOWN_LENGTH_MAX)
}

/** So much of a text is looked at for secrets: a few more characters than are shown, however long one is. */
const LOOKED_AT_MAX = 10_000

/**
 * The first characters of a text. Secrets are hidden before it is cut: half of one has no shape by which a report would
 * know it.
 */
export function cutTo(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const redacted = redactor.text(text.slice(0, LOOKED_AT_MAX))
  const isWhole = text.length <= LOOKED_AT_MAX && redacted.length <= charsMax
  return isWhole ? redacted : shorten(`${redacted} `, charsMax + 1)
}

let hidden: readonly string[] = []
let redactor: Redactor = createRedactor()

/**
 * Hides these values, too, before a text is cut: what hides them in reports comes later, and does not know the first
 * half of one.
 *
 * @param secrets of the configuration (`redact`)
 */
export function hideInShown(secrets: readonly string[]): void {
  if (secrets.length === hidden.length && secrets.every((secret, index) => secret === hidden[index])) return
  redactor = createRedactor(secrets)
  hidden = secrets
}

function textOf(value: unknown): string {
  try {
    if (isPlainJson(value, LIMITS)) return JSON.stringify(value)
    if (types.isNativeError(value)) return `the error ${value.name}: ${value.message}`
    const text = inspect(value, {
      depth: 4,
      compact: true,
      breakLength: Infinity,
      maxArrayLength: 20,
      maxStringLength: LOOKED_AT_MAX,
      customInspect: false,
    })
    const line = text.replaceAll(/\s*\n\s*/g, ' ')
    return types.isDate(value) ? `the Date ${line}` : line
  } catch {
    return 'something that cannot be shown'
  }
}
