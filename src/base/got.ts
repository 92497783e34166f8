import { types } from 'node:util'

/** Longest text quoted back: enough to know it again. */
const QUOTE_MAX = 60

/**
 * A wrong value as a message names it after *got*: texts in quotes, numbers as they are, containers by kind.
 *
 * @example
 * got('ten') // '"ten"'
 * got([]) // 'an empty list'
 * got(undefined) // 'nothing'
 */
export function got(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing'
    case 'function':
      return 'a function'
    case 'string':
      return value.length > QUOTE_MAX
        ? `${JSON.stringify(value.slice(0, QUOTE_MAX))}…`
        : JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'boolean':
    case 'symbol':
      return String(value)
    case 'object':
      if (value === null) return 'null'
      if (types.isPromise(value)) return 'a promise'
      if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
      return 'an object'
  }
}
