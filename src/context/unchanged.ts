/**
 * True when a copy that `isolate` made is still what it was made of, so that having read it is not a write. Compares
 * each object once, however often it is shared, and what is shared as well.
 */
export function unchanged(original: unknown, copy: unknown): boolean {
  return same(original, copy, new Map())
}

type Pairs = Map<object, object>

function same(original: unknown, copy: unknown, pairs: Pairs): boolean {
  if (Object.is(original, copy)) return true
  if (typeof original !== 'object' || original === null || typeof copy !== 'object' || copy === null)
    return false
  const known = pairs.get(original)
  if (known !== undefined) return known === copy
  pairs.set(original, copy)
  const prototype: unknown = Object.getPrototypeOf(original)
  if (Object.getPrototypeOf(copy) !== prototype) return false
  switch (prototype) {
    case Object.prototype:
    case Array.prototype:
    case null:
      return sameParts(original, copy, pairs)
    // What a map gives is its entries, each a list of key and value.
    case Map.prototype:
    case Set.prototype:
      return sameItems([...(original as Iterable<unknown>)], [...(copy as Iterable<unknown>)], pairs)
    case Date.prototype:
      return Object.is((original as Date).getTime(), (copy as Date).getTime())
    default:
      return sameBytes(original, copy)
  }
}

/** A copy has its keys in the order of the original; a key that was added or taken away is a change. */
function sameParts(original: object, copy: object, pairs: Pairs): boolean {
  const keys = Reflect.ownKeys(original)
  const copied = Reflect.ownKeys(copy)
  return (
    keys.length === copied.length &&
    keys.every(
      (key, index) =>
        key === copied[index] &&
        same(
          (original as Record<PropertyKey, unknown>)[key],
          (copy as Record<PropertyKey, unknown>)[key],
          pairs,
        ),
    )
  )
}

function sameItems(original: readonly unknown[], copy: readonly unknown[], pairs: Pairs): boolean {
  return original.length === copy.length && original.every((item, index) => same(item, copy[index], pairs))
}

function sameBytes(original: object, copy: object): boolean {
  const [before, after] = [bytesOf(original), bytesOf(copy)]
  return before !== undefined && after !== undefined && before.equals(after)
}

function bytesOf(value: object): Buffer | undefined {
  if (value instanceof ArrayBuffer) return Buffer.from(value)
  return ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : undefined
}
