import { JSON_DEPTH_MAX } from './limits.ts'

/** Plain JSON data, the only kind of value a scenario file or fault argument can hold. */
export type StoredJson =
  | null
  | boolean
  | number
  | string
  | readonly StoredJson[]
  | { readonly [key: string]: StoredJson }

/**
 * True for data that survives a round trip through JSON text unchanged: no `undefined`, functions, class instances,
 * NaN or −0 anywhere in it, and nested no deeper than the grammar allows (which a cycle is).
 */
export function isStoredJson(value: unknown, depth = 0): value is StoredJson {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || depth > JSON_DEPTH_MAX) return false
  if (Array.isArray(value)) return value.every((item) => isStoredJson(item, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  return Object.values(value).every((item) => isStoredJson(item, depth + 1))
}
