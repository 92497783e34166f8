import { isDeepStrictEqual } from 'node:util'

/** Parts of two values that are looked at before they are compared as a whole. */
const SKETCH_DEPTH_MAX = 4
const SKETCH_KEYS_MAX = 20

/** Whether two values are deeply equal, of whatever kind they are. One that cannot be read equals only itself. */
export function isSameValue(one: unknown, other: unknown): boolean {
  try {
    return isDeepStrictEqual(one, other)
  } catch {
    return one === other
  }
}

/**
 * The first value that is there a second time, by the indices of both; `undefined` where each is there once. A point can
 * be called 100 000 times, so only values that look alike from afar are compared.
 */
export function firstRepeated(
  values: readonly unknown[],
): readonly [first: number, again: number] | undefined {
  const alike = new Map<string, number[]>()
  for (const [index, value] of values.entries()) {
    const sketch = sketchOf(value, SKETCH_DEPTH_MAX)
    const before = alike.get(sketch)
    const first = before?.find((earlier) => isSameValue(values[earlier], value))
    if (first !== undefined) return [first, index]
    if (before === undefined) alike.set(sketch, [index])
    else before.push(index)
  }
  return undefined
}

/** A text that equal values have in common, whatever the order of their keys. */
function sketchOf(value: unknown, depth: number): string {
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`
  if (depth === 0) return 'object'
  try {
    const parts = value as Readonly<Record<string, unknown>>
    const keys = Object.keys(value).toSorted().slice(0, SKETCH_KEYS_MAX)
    return `{${keys.map((key) => `${key}: ${sketchOf(parts[key], depth - 1)}`).join()}}`
  } catch {
    return 'object'
  }
}
