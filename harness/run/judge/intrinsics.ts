// What the judge works with, as it was when this module was loaded: before any subject.

import { isIntact } from './intact.ts'

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object
const { ownKeys } = Reflect

/** The parts of the language that judging uses, by the names people know them by. */
const HOLDERS: Readonly<Record<string, object>> = {
  'Array.prototype': Array.prototype,
  Array,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'WeakMap.prototype': WeakMap.prototype,
  'WeakSet.prototype': WeakSet.prototype,
  'String.prototype': String.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Function.prototype': Function.prototype,
  'Iterator.prototype': Iterator.prototype,
  'the iterator of lists': getPrototypeOf([].values()) as object,
  'the iterator of maps': getPrototypeOf(new Map().values()) as object,
  'the iterator of sets': getPrototypeOf(new Set().values()) as object,
  Map,
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

/** What judging finds by its name; others, such as `Date` and `AbortSignal`, tests replace for good reason. */
const GLOBALS: readonly PropertyKey[] =
  'Array JSON Map Math Object Reflect RegExp Set String Symbol WeakMap WeakSet'.split(' ')

const INTRINSICS: readonly Intrinsic[] = [
  ...intrinsicsOf('globalThis', globalThis, GLOBALS),
  ...Object.entries(HOLDERS).flatMap(([name, holder]) => intrinsicsOf(name, holder, ownKeys(holder))),
]

function intrinsicsOf(holderName: string, holder: object, keys: readonly PropertyKey[]): Intrinsic[] {
  return keys.flatMap((key): Intrinsic[] => {
    const original = getOwnPropertyDescriptor(holder, key)
    return original?.configurable === true
      ? [{ holder, key, name: `${holderName}.${String(key)}`, original }]
      : []
  })
}

/**
 * Judges with the language as it was before any subject was loaded, and puts back afterwards what a subject has made of
 * it: a subject whose `Object.is` always says yes must not be its own judge.
 *
 * @param work is given the names of what was replaced, usually none
 */
export function withIntrinsics<T>(work: (replaced: readonly string[]) => T): T {
  if (isIntact()) return work(NONE)
  const replaced = putOriginals()
  try {
    return work(replaced.map(({ name }) => name))
  } finally {
    putBack(replaced)
  }
}

/**
 * Remembers the language as it is, a test's own replacements included.
 *
 * @returns makes it the same again: what one scenario replaces must not reach the next
 */
export function keptIntrinsics(): () => void {
  if (isIntact()) return restoreOriginals
  const before = putOriginals()
  putBack(before)
  return () => {
    putOriginals()
    putBack(before)
  }
}

const NONE: readonly string[] = []

function restoreOriginals(): void {
  if (!isIntact()) putOriginals()
}

/** Puts everything as it was at first, and gives back what was there instead. */
function putOriginals(): readonly Intrinsic[] {
  const replaced: Intrinsic[] = []
  // By hand: at this moment no method can be trusted.
  for (let index = 0, each = INTRINSICS[0]; each !== undefined; each = INTRINSICS[++index]) {
    const now = getOwnPropertyDescriptor(each.holder, each.key)
    if (now !== undefined && now.value === each.original.value && now.get === each.original.get) continue
    put(each)
    replaced[replaced.length] = { ...each, original: now ?? each.original }
  }
  return replaced
}

function putBack(replaced: readonly Intrinsic[]): void {
  for (let index = 0, each = replaced[0]; each !== undefined; each = replaced[++index]) put(each)
}

function put({ holder, key, original }: Intrinsic): void {
  defineProperty(holder, key, original)
}
