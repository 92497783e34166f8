/**
 * A deep copy of plain data — objects, arrays, maps, sets, dates, typed arrays, cycles included — so that whoever
 * gets it can write to it without anybody else noticing.
 *
 * **Gotcha:** functions and instances of classes are shared, not copied: nobody but their class can copy them
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
  if (Array.isArray(value)) {
    const list: unknown[] = []
    copies.set(value, list)
    for (const item of value) list.push(copy(item, copies))
    return list
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return copyObject(value, prototype, copies)
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>()
    copies.set(value, map)
    for (const [key, item] of value) map.set(copy(key, copies), copy(item, copies))
    return map
  }
  if (value instanceof Set) {
    const set = new Set<unknown>()
    copies.set(value, set)
    for (const item of value) set.add(copy(item, copies))
    return set
  }
  if (value instanceof Date || value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return structuredClone(value)
  return value
}

function copyObject(value: object, prototype: object | null, copies: Map<object, unknown>): object {
  const object = Object.create(prototype) as Record<PropertyKey, unknown>
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
