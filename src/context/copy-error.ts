import { ShakedownError } from '../base/errors.ts'
import { describeThrown } from '../base/serialize-error.ts'

/** Objects looked at to find the part that cannot be read; a message is not worth more. */
const LOOKED_AT_MAX = 10_000

/**
 * A value that should be copied cannot be: a getter or a proxy threw, an array buffer was transferred away, or it is
 * nested too deeply. Not retried: the next attempt would be given the same value.
 *
 * @example
 * const result = await createEngine().run(step('save', database.save), order)
 * if (result.error?.name === CopyError.name) console.error(result.feedback)
 */
export class CopyError extends ShakedownError {
  override readonly name = 'CopyError'
  readonly retryable = false

  constructor(value: object, cause: unknown, place = '') {
    const at = unreadable(value)
    const got = at === undefined ? 'a value that cannot be read' : `a value whose part ${at} cannot be read`
    const message = `${place}Expected plain data that can be copied, got ${got}: ${describeThrown(cause)}`
    super('E_COPY', message, { cause })
  }
}

/** Where in a value the first part is that throws when it is read, such as `.items[3].price`. */
function unreadable(value: object): string | undefined {
  const seen = new Set<object>([value])
  const found = [{ object: value, at: '' }]
  for (const { object, at } of found) {
    const keys = keysOf(object)
    if (keys === undefined) return at === '' ? undefined : at
    for (const key of keys) {
      const path = `${at}${segment(object, key)}`
      try {
        const part = (object as Record<PropertyKey, unknown>)[key]
        if (typeof part !== 'object' || part === null || seen.has(part) || seen.size >= LOOKED_AT_MAX)
          continue
        seen.add(part)
        found.push({ object: part, at: path })
      } catch {
        return path
      }
    }
  }
  return undefined
}

/** `undefined` for an object that throws when it is asked for its keys, or what it is. */
function keysOf(object: object): PropertyKey[] | undefined {
  try {
    // A million bytes are a million keys.
    return Object.getPrototypeOf(object) !== null && ArrayBuffer.isView(object) ? [] : Reflect.ownKeys(object)
  } catch {
    return undefined
  }
}

function segment(object: object, key: PropertyKey): string {
  if (typeof key === 'symbol') return `[${String(key)}]`
  return Array.isArray(object) ? `[${key}]` : `.${key}`
}
