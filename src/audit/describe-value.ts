import { types } from 'node:util'
import { describeThrown } from '../base/serialize-error.ts'

/** Deeper data is cut: no person reads it, and a getter that always makes one more object has no end. */
const DEPTH_MAX = 64
/** About a tenth of a second's work; a payload that large is cut to its head anyway. */
const VALUES_MAX = 100_000
/** Characters of all texts together: data that shares one long text many times is as long as all its copies. */
const CHARS_MAX = 16_777_216
/** What a value that throws when it is read counts for: it costs as much as this many that do not. */
const UNREADABLE_VALUES = 20
/** Text of a getter's error or a function's name, in UTF-16 code units. */
const WORDS_MAX = 200

interface Walk {
  /** Objects from the root down to here, with their paths. */
  readonly above: Map<object, string>
  valuesLeft: number
  charsLeft: number
}

/** Any value as plain JSON data that says in words what JSON cannot hold. Never throws. */
export function describeValue(value: unknown): unknown {
  return describe(value, '$', { above: new Map(), valuesLeft: VALUES_MAX, charsLeft: CHARS_MAX })
}

function describe(value: unknown, path: string, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
      walk.charsLeft -= value.length
      return walk.charsLeft < 0 ? `[more than ${CHARS_MAX} characters]` : value
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : `[${value}]`
    case 'bigint':
      return `${value}n`
    case 'undefined':
      return '[undefined]'
    case 'symbol':
      return `[${words(String(value))}]`
    case 'function':
      return guarded(walk, () => `[Function ${words(value.name === '' ? '(anonymous)' : value.name)}]`)
    case 'object':
      return value === null ? null : describeObject(value, path, walk)
  }
}

function describeObject(value: object, path: string, walk: Walk): unknown {
  const cyclicTo = walk.above.get(value)
  if (cyclicTo !== undefined) return `[cyclic: ${cyclicTo}]`
  if (walk.above.size === DEPTH_MAX) return `[deeper than ${DEPTH_MAX} levels]`
  if (walk.valuesLeft-- <= 0) return `[more than ${VALUES_MAX} values]`
  walk.above.set(value, path)
  const described = guarded(walk, () => describeKind(value, path, walk))
  walk.above.delete(value)
  return described
}

function describeKind(value: object, path: string, walk: Walk): unknown {
  if (Array.isArray(value)) return describeList(value, path, walk)
  if (types.isDate(value))
    return Number.isNaN(value.getTime()) ? '[Invalid Date]' : Date.prototype.toISOString.call(value)
  if (types.isMap(value)) return { '[Map]': describeList(value, path, walk) }
  if (types.isSet(value)) return { '[Set]': describeList(value, path, walk) }
  if (types.isRegExp(value)) return `[RegExp ${words(RegExp.prototype.toString.call(value))}]`
  // Bytes are not shown: a secret in them could not be recognised.
  if (ArrayBuffer.isView(value)) return `[${kindOf(value)} of ${value.byteLength} bytes]`
  if (types.isAnyArrayBuffer(value)) return `[${kindOf(value)} of ${value.byteLength} bytes]`
  if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value)) return `[${kindOf(value)}]`
  if (types.isBoxedPrimitive(value)) return describe((value as { valueOf(): unknown }).valueOf(), path, walk)
  if (value instanceof Error || types.isNativeError(value))
    return { '[Error]': describeError(value, path, walk) }
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return describe(toJSON.call(value, ''), path, walk)
  return describeProperties(value, Object.keys(value), path, walk)
}

function describeList(items: Iterable<unknown>, path: string, walk: Walk): unknown[] {
  const described: unknown[] = []
  let index = 0
  for (const item of items) {
    if (walk.valuesLeft-- <= 0) {
      described.push(`[more than ${VALUES_MAX} values]`)
      break
    }
    described.push(describe(item, `${path}[${index++}]`, walk))
  }
  return described
}

/** What an error says, then whatever was hung onto it. */
function describeError(error: Error, path: string, walk: Walk): unknown {
  const said = ['name', 'message', 'code', 'stack', 'cause', 'errors'].filter((key) => key in error)
  const own = Object.keys(error).filter((key) => !said.includes(key))
  return describeProperties(error, [...said, ...own], path, walk)
}

function describeProperties(value: object, keys: readonly string[], path: string, walk: Walk): unknown {
  const entries: [string, unknown][] = []
  for (const key of keys) {
    if (walk.valuesLeft-- <= 0) {
      entries.push(['[cut]', `[more than ${VALUES_MAX} values]`])
      break
    }
    const item = guarded(walk, () =>
      describe((value as Record<string, unknown>)[key], `${path}.${key}`, walk),
    )
    walk.charsLeft -= key.length
    entries.push([key, item])
  }
  // Unlike assignment, this makes an own property of `__proto__` too.
  return Object.fromEntries(entries)
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

function guarded(walk: Walk, read: () => unknown): unknown {
  try {
    return read()
  } catch (thrown) {
    walk.valuesLeft -= UNREADABLE_VALUES
    return `[unreadable: ${words(describeThrown(thrown))}]`
  }
}

function words(text: string): string {
  return text.length > WORDS_MAX ? `${text.slice(0, WORDS_MAX)}…` : text
}
