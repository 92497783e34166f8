import { isPlainJson } from '../../../src/base/plain-json.ts'
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
export function isStoredJson(value: unknown, depthMax = JSON_DEPTH_MAX): value is StoredJson {
  return isPlainJson(value, { depthMax })
}

/** Whether it has keys: neither a list nor one value. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
