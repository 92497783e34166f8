import { inspect, types } from 'node:util'
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
  const text = textOf(value)
  // Cut after so many, not before one more: a whole value does not end in an ellipsis.
  return text.length > SHOWN_LENGTH_MAX ? shorten(`${text} `, SHOWN_LENGTH_MAX + 1) : text
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
      maxStringLength: SHOWN_LENGTH_MAX,
      customInspect: false,
    })
    const line = text.replaceAll(/\s*\n\s*/g, ' ')
    return types.isDate(value) ? `the Date ${line}` : line
  } catch {
    return 'something that cannot be shown'
  }
}
