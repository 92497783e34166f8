import { types } from 'node:util'
import { isPlainPrototype } from '../../src/base/plain-json.ts'
import { isSerialized } from '../../src/base/serialize-error.ts'
import { leafMatches, type Matched } from './matchers.ts'

// Taken when this module is loaded, before any subject is: what a subject does to them later changes no verdict.
const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is, keys } = Object
const { ownKeys } = Reflect
const { isArray } = Array
const { isArgumentsObject } = types

/**
 * Whether a value is what a scenario wrote down. Written values are plain JSON data, so only plain data equals them:
 * `{}` is an empty plain object and neither an instance of a class nor a map, an error, a date or a response. A property
 * that is `undefined` counts as one that is not there, as in JSON.
 */
export function equalsWritten(actual: unknown, written: unknown): boolean {
  return safely(() => equal(actual, written, false)) === true
}

/**
 * Whether a value holds what a scenario wrote down of it: in `outputMatches`, `children`, the inputs of requests and
 * `where`. Keys that are not written are free at every depth, and what has those that are written may be an instance of
 * any class, such as a `Response` or a command of a client; an empty mapping is a plain object. Lists are as long as they
 * are written. No mapping equals a text or a number, so beside these it is a matcher: `{ contains }`, `{ matches }`,
 * `{ min, max }`.
 */
export function holdsWritten(actual: unknown, written: unknown): Matched {
  return safely(() => equal(actual, written, true))
}

/** A proxy or a getter of the subject may throw; then it is nothing that a file has a word for. */
function safely(compare: () => Matched): Matched {
  try {
    return compare()
  } catch {
    return false
  }
}

// The depth is that of what was written, which has a limit.
function equal(actual: unknown, written: unknown, free: boolean): Matched {
  if (typeof written !== 'object' || written === null) return is(actual, written)
  if (free && (typeof actual === 'string' || typeof actual === 'number')) return leafMatches(written, actual)
  if (isArray(written)) return isPlainList(actual) && equalLists(actual, written, free)
  if (!isPlainObject(actual) && !(free && mayHold(actual, written))) return false
  return equalKeys(actual, written as Readonly<Record<string, unknown>>, free)
}

/** What is no plain object holds what is named, and never nothing at all; of a list, items are named in a list. */
function mayHold(actual: unknown, written: object): actual is object {
  if (typeof actual !== 'object' || actual === null) return false
  if (isArray(actual) || isArgumentsObject(actual)) return false
  return keys(written).length > 0 || isSerialized(actual)
}

function equalLists(actual: readonly unknown[], written: readonly unknown[], free: boolean): Matched {
  if (actual.length !== written.length) return false
  // Further properties, as the result of a match has, are more than a file can say.
  if (ownKeys(actual).length !== written.length + 1) return false
  for (let index = 0; index < written.length; index++) {
    const matched = hasOwn(actual, index) && equal(actual[index], written[index], free)
    if (matched !== true) return matched
  }
  return true
}

function equalKeys(actual: object, written: Readonly<Record<string, unknown>>, free: boolean): Matched {
  const names = keys(written)
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    if (!free && getOwnPropertyDescriptor(actual, name)?.enumerable !== true) return false
    const matched = equal(valueOf(actual, name), written[name], free)
    if (matched !== true) return matched
  }
  return free || !hasMore(actual, written)
}

/** A response has its status from its class; what every object has is nobody's data. */
function valueOf(actual: object, name: string): unknown {
  const value = (actual as Readonly<Record<string, unknown>>)[name]
  if (value === undefined || hasOwn(actual, name)) return value
  let holder: unknown = getPrototypeOf(actual)
  while (typeof holder === 'object' && holder !== null && !hasOwn(holder, name))
    holder = getPrototypeOf(holder)
  return typeof holder === 'object' && holder !== null && getPrototypeOf(holder) === null ? undefined : value
}

function hasMore(actual: object, written: object): boolean {
  const own = ownKeys(actual)
  for (let index = 0; index < own.length; index++) {
    const key = own[index] ?? ''
    if (hasOwn(written, key)) continue
    if ((actual as Record<PropertyKey, unknown>)[key] !== undefined) return true
  }
  return false
}

/** An object that a literal makes, in this realm or another one; `Math` and `arguments` only look like it. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || isArray(value)) return false
  const prototype: unknown = getPrototypeOf(value)
  return (
    isPlainPrototype(prototype) &&
    !isArgumentsObject(value) &&
    (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === undefined
  )
}

function isPlainList(value: unknown): value is readonly unknown[] {
  // Of all prototypes of lists, only that of the language itself is a list.
  return isArray(value) && isArray(getPrototypeOf(value))
}
