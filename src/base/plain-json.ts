/** What a look at data may cost at most. */
export interface PlainLimits {
  /** Lists and objects inside each other; also what ends the look at a cyclic one. */
  readonly depthMax: number
  /** Items and properties together. Default no limit. */
  readonly valuesMax?: number
  /** UTF-16 code units of all texts together, keys not counted. Default no limit. */
  readonly charsMax?: number
}

/**
 * True for data that survives a round trip through JSON text unchanged and is within the limits: no `undefined`,
 * functions, class instances, NaN or −0 anywhere in it.
 *
 * @example
 * isPlainJson({ list: [1, 'two', null] }, { depthMax: 2 }) // true
 * isPlainJson({ when: new Date() }, { depthMax: 2 }) // false
 */
export function isPlainJson(value: unknown, limits: PlainLimits): boolean {
  const { depthMax, valuesMax = Infinity, charsMax = Infinity } = limits
  return isPlainValue(value, depthMax, { values: valuesMax, chars: charsMax })
}

// Taken when this module is loaded: what is done to it later changes nothing here.
const { getPrototypeOf, hasOwn } = Object

/**
 * Whether objects with this prototype are plain: it is none, or the one that literals have, of this realm or another. A
 * Vitest with `--pool=vmThreads` has tests in a realm of their own, and what Node makes, such as a `structuredClone`, is
 * of another.
 */
export function isPlainPrototype(prototype: unknown): boolean {
  if (prototype === null || prototype === Object.prototype) return true
  return (
    typeof prototype === 'object' && getPrototypeOf(prototype) === null && hasOwn(prototype, 'isPrototypeOf')
  )
}

/** What the look may still cost. */
interface Left {
  values: number
  chars: number
}

function isPlainValue(value: unknown, depth: number, left: Left): boolean {
  switch (typeof value) {
    case 'string':
      return (left.chars -= value.length) >= 0
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      break
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return false
  }
  if (value === null) return true
  if (depth === 0) return false
  if (Array.isArray(value)) {
    if ((left.values -= value.length) < 0) return false
    for (let index = 0; index < value.length; index++)
      if (!isPlainValue(value[index], depth - 1, left)) return false
    return true
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!isPlainPrototype(prototype)) return false
  const keys = Object.keys(value)
  if ((left.values -= keys.length) < 0) return false
  for (const key of keys)
    if (!isPlainValue((value as Record<string, unknown>)[key], depth - 1, left)) return false
  return true
}
