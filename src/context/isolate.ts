import { CopyError } from './copy-error.ts'

/** The copy of each object met so far, so that cycles and shared parts stay what they are. */
type Copies = Map<object, object>

/**
 * A deep copy of plain data — objects, arrays, maps, sets, dates, typed arrays; cycles, shared parts, holes and
 * symbols included — so that writes to it reach nothing else. Getters are read once and become values.
 *
 * **Gotcha:** functions and instances of classes (other than the built-in ones above) are shared, not copied: only
 * their class can copy them rightly (private fields do not survive). Pass plain data between steps.
 *
 * @throws CopyError when a part cannot be read, such as a getter that throws; it names the part
 *
 * @example
 * const input = { items: ['theirs'] }
 * const mine = isolate(input)
 * mine.items.push('only here')
 */
export function isolate<T>(value: T): T {
  return isolateAt('', value)
}

/** As `isolate`; the error's message begins with the place. */
export function isolateAt<T>(place: string, value: T): T {
  if (typeof value !== 'object' || value === null) return value
  try {
    return copy(value, new Map()) as T
  } catch (cause) {
    throw new CopyError(value, cause, place)
  }
}

/**
 * A copy as `isolate` makes it, for the engine to keep: later writes to the value do not reach it. What cannot be
 * copied is kept as it is; a step that it is given to is refused it.
 */
export function kept<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  try {
    return copy(value, new Map()) as T
  } catch {
    return value
  }
}

function copy(value: object, copies: Copies): object {
  const known = copies.get(value)
  if (known !== undefined) return known
  const prototype: unknown = Object.getPrototypeOf(value)
  switch (prototype) {
    // A spread copies an object in one go, its shape included: several times faster than key by key. It reads what
    // is its own and enumerable, symbols too, and a key named `__proto__` stays a key.
    case Object.prototype:
      return copyParts(value, { ...value }, copies)
    case null:
      return copyParts(value, { __proto__: null, ...value }, copies)
    case Array.prototype:
      return copyArray(value as unknown[], copies)
    case Map.prototype:
      return copyMap(value as Map<unknown, unknown>, copies)
    case Set.prototype:
      return copySet(value as Set<unknown>, copies)
    default:
      return copyBuiltIn(value, prototype, copies)
  }
}

/** Puts copies in the place of the objects that a copy still shares with what it was made of. */
function copyParts<T extends object>(value: object, shallow: T, copies: Copies): T {
  copies.set(value, shallow)
  const parts = shallow as Record<PropertyKey, unknown>
  for (const key in parts) {
    const part = parts[key]
    // Asked only of objects, for speed: keys that were added to `Object.prototype` are met here, too.
    if (typeof part === 'object' && part !== null && Object.hasOwn(parts, key))
      parts[key] = copy(part, copies)
  }
  for (const key of Object.getOwnPropertySymbols(parts)) parts[key] = copyAny(parts[key], copies)
  return shallow
}

function copyAny(value: unknown, copies: Copies): unknown {
  return typeof value === 'object' && value !== null ? copy(value, copies) : value
}

function copyArray(value: readonly unknown[], copies: Copies): unknown[] {
  if (!isDense(value)) return copySparse(value, copies)
  const list = [...value]
  copies.set(value, list)
  for (let index = 0; index < list.length; index++) {
    const item = list[index]
    if (typeof item === 'object' && item !== null) list[index] = copy(item, copies)
  }
  return list
}

/** True for an array without holes that carries nothing but its items. Indexes come first among the keys. */
function isDense(value: readonly unknown[]): boolean {
  const keys = Object.keys(value)
  return (
    keys.length === value.length &&
    (keys.length === 0 || keys.at(-1) === String(value.length - 1)) &&
    Object.getOwnPropertySymbols(value).length === 0
  )
}

/** An array by its own keys: holes stay holes, and it keeps what else it carries. */
function copySparse(value: readonly unknown[], copies: Copies): unknown[] {
  const list: unknown[] = []
  list.length = value.length
  copies.set(value, list)
  for (const key of Reflect.ownKeys(value)) {
    if (!Object.prototype.propertyIsEnumerable.call(value, key)) continue
    const item = copyAny((value as unknown as Record<PropertyKey, unknown>)[key], copies)
    // Not by assignment: a key named `__proto__` must stay a key.
    Object.defineProperty(list, key, { value: item, enumerable: true, writable: true, configurable: true })
  }
  return list
}

function copyMap(value: ReadonlyMap<unknown, unknown>, copies: Copies): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>()
  copies.set(value, map)
  for (const [key, item] of value) map.set(copyAny(key, copies), copyAny(item, copies))
  return map
}

function copySet(value: ReadonlySet<unknown>, copies: Copies): Set<unknown> {
  const set = new Set<unknown>()
  copies.set(value, set)
  for (const item of value) set.add(copyAny(item, copies))
  return set
}

/** Bytes have no references in them; other views, and subclasses of all of these, are instances of classes. */
const CLONED: ReadonlySet<unknown> = new Set(
  [
    Date,
    ArrayBuffer,
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

function copyBuiltIn(value: object, prototype: unknown, copies: Copies): object {
  const made =
    prototype === Buffer.prototype
      ? Buffer.from(value as Buffer)
      : CLONED.has(prototype)
        ? structuredClone(value)
        : value
  copies.set(value, made)
  return made
}
