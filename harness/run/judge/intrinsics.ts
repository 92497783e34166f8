// What the judge works with, as it was when this module was loaded: before any subject.

const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyDescriptors, getPrototypeOf } = Object
const { ownKeys } = Reflect

/** The parts of the language that judging uses, by the names people know them by. */
const HOLDERS: Readonly<Record<string, object>> = {
  'Array.prototype': Array.prototype,
  Array,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'WeakMap.prototype': WeakMap.prototype,
  'String.prototype': String.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Function.prototype': Function.prototype,
  'the iterator of lists': getPrototypeOf([].values()) as object,
  'the iterator of maps': getPrototypeOf(new Map().values()) as object,
  'the iterator of sets': getPrototypeOf(new Set().values()) as object,
  Object,
  Reflect,
  JSON,
  Math,
  Number,
}

/** One property of the language. */
interface Intrinsic {
  readonly holder: object
  readonly key: PropertyKey
  readonly name: string
  readonly original: PropertyDescriptor
}

const INTRINSICS: readonly Intrinsic[] = Object.entries(HOLDERS).flatMap(([holderName, holder]) => {
  const all = getOwnPropertyDescriptors(holder) as Readonly<Record<PropertyKey, PropertyDescriptor>>
  return ownKeys(holder).flatMap((key): Intrinsic[] => {
    const original = all[key]
    return original?.configurable === true
      ? [{ holder, key, name: `${holderName}.${String(key)}`, original }]
      : []
  })
})

/**
 * Those that a comparison is made of. They are looked at after every execution, so it is a short list; when one of them was
 * replaced, all are put back.
 */
const LOOKED_AT: ReadonlySet<string> = new Set([
  ...['at', 'every', 'filter', 'find', 'flatMap', 'includes', 'join', 'map', 'push', 'slice', 'some'].map(
    (name) => `Array.prototype.${name}`,
  ),
  'Array.prototype.Symbol(Symbol.iterator)',
  'the iterator of lists.next',
  'the iterator of maps.next',
  ...['get', 'has', 'set'].map((name) => `Map.prototype.${name}`),
  'Set.prototype.has',
  'WeakMap.prototype.get',
  ...['entries', 'fromEntries', 'is', 'keys'].map((name) => `Object.${name}`),
  ...['includes', 'slice', 'startsWith'].map((name) => `String.prototype.${name}`),
  'RegExp.prototype.exec',
  'RegExp.prototype.test',
  'JSON.stringify',
  'Math.abs',
  'Math.max',
])
const QUICK = INTRINSICS.filter(({ name }) => LOOKED_AT.has(name))

/**
 * Judges with the language as it was before any subject was loaded, and puts back afterwards what a subject has made of
 * it: a subject whose `Object.is` always says yes must not be its own judge.
 *
 * @param work is given the names of what was replaced, usually none
 */
export function withIntrinsics<T>(work: (replaced: readonly string[]) => T): T {
  if (isIntact()) return work(NONE)
  const replaced: Intrinsic[] = []
  // By hand: at this moment no method can be trusted.
  for (let index = 0, each = INTRINSICS[0]; each !== undefined; each = INTRINSICS[++index]) {
    if (isOriginal(each)) continue
    const original = getOwnPropertyDescriptor(each.holder, each.key)
    defineProperty(each.holder, each.key, each.original)
    replaced[replaced.length] = { ...each, original: original ?? each.original }
  }
  try {
    return work(replaced.map(({ name }) => name))
  } finally {
    for (let index = 0, each = replaced[0]; each !== undefined; each = replaced[++index])
      defineProperty(each.holder, each.key, each.original)
  }
}

const NONE: readonly string[] = []

function isIntact(): boolean {
  for (let index = 0, each = QUICK[0]; each !== undefined; each = QUICK[++index])
    if ((each.holder as Record<PropertyKey, unknown>)[each.key] !== each.original.value) return false
  return true
}

function isOriginal({ holder, key, original }: Intrinsic): boolean {
  const now = getOwnPropertyDescriptor(holder, key)
  return now !== undefined && now.value === original.value && now.get === original.get
}
