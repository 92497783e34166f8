/**
 * A deep copy of plain data — objects, arrays, maps, sets, dates, typed arrays, cycles included — so that whoever
 * gets it can write to it without anybody else noticing.
 *
 * **Gotcha:** functions and instances of classes (other than the built-in ones above) are shared, not copied: nobody but their class can copy them
 * rightly (private fields do not survive). Pass plain data between steps.
 */
export function isolate<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  return copy(value, new Map()) as T
}

function copy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = copies.get(value)
  if (known !== undefined) return known
  const prototype: unknown = Object.getPrototypeOf(value)
  switch (prototype) {
    case Array.prototype:
    case Object.prototype:
    case null:
      return copyObject(value, prototype, copies)
    case Map.prototype:
      return copyMap(value as Map<unknown, unknown>, copies)
    case Set.prototype:
      return copySet(value as Set<unknown>, copies)
    case Buffer.prototype:
      return Buffer.from(value as Buffer)
    case Date.prototype:
    case ArrayBuffer.prototype:
      return structuredClone(value)
    default:
      return ArrayBuffer.isView(value) && TYPED_ARRAYS.has(prototype) ? structuredClone(value) : value
  }
}

/** Bytes have no references in them; other views (and subclasses of all of these) are instances of classes. */
const TYPED_ARRAYS: ReadonlySet<unknown> = new Set(
  [
    Uint8Array,
    Uint8ClampedArray,
    Uint16Array,
    Uint32Array,
    Int8Array,
    Int16Array,
    Int32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map(({ prototype }) => prototype as unknown),
)

function copyMap(value: Map<unknown, unknown>, copies: Map<object, unknown>): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>()
  copies.set(value, map)
  for (const [key, item] of value) map.set(copy(key, copies), copy(item, copies))
  return map
}

function copySet(value: Set<unknown>, copies: Map<object, unknown>): Set<unknown> {
  const set = new Set<unknown>()
  copies.set(value, set)
  for (const item of value) set.add(copy(item, copies))
  return set
}

/** Objects and arrays by their own keys: holes stay holes, and an array keeps what else it carries. */
function copyObject(value: object, prototype: unknown, copies: Map<object, unknown>): object {
  const object = emptyLike(value, prototype)
  copies.set(value, object)
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)
    if (descriptor?.enumerable !== true) continue
    // defineProperty, not assignment: a key named `__proto__` must stay a key.
    Object.defineProperty(object, key, {
      value: copy((value as Record<PropertyKey, unknown>)[key], copies),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return object
}

function emptyLike(value: object, prototype: unknown): Record<PropertyKey, unknown> {
  if (!Array.isArray(value)) return Object.create(prototype as object | null) as Record<PropertyKey, unknown>
  const list: unknown[] = []
  list.length = value.length
  return list as unknown as Record<PropertyKey, unknown>
}
