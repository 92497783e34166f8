import type { StoredJson } from '../grammar/json.ts'

/**
 * Whether a value has all that is wanted: of objects the keys that are named, whatever else they have; of lists as many
 * items, each with what is wanted of it; of everything else the value itself.
 */
export function contains(actual: unknown, wanted: StoredJson): boolean {
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted
  // A proxy, or a getter, may throw when it is read.
  try {
    return Array.isArray(wanted) ? containsItems(actual, wanted) : containsKeys(actual, wanted)
  } catch {
    return false
  }
}

function containsItems(actual: unknown, wanted: readonly StoredJson[]): boolean {
  return (
    Array.isArray(actual) &&
    actual.length === wanted.length &&
    wanted.every((item, index) => contains(actual[index], item))
  )
}

function containsKeys(actual: unknown, wanted: object): boolean {
  if (typeof actual !== 'object' || actual === null) return false
  return Object.entries(wanted).every(([key, value]: [string, StoredJson]) =>
    contains((actual as Record<string, unknown>)[key], value),
  )
}
