import type { SerializedError } from './result.ts'

/** Cause chains deeper than this are cut; real ones are rarely longer than three. */
const CAUSES_MAX = 8
/** Parts of an AggregateError kept; as many as the longest fallback chain, and then some. */
const PARTS_MAX = 16
/** Errors kept in all: aggregates of aggregates multiply. */
const ERRORS_MAX = 64

/**
 * Turns whatever was thrown into plain data. Never throws itself: thrown values may be `undefined`, frozen, cyclic
 * or proxies whose every trap throws. The stack is formatted when it is first read.
 *
 * @example
 * const { name, message, cause } = serializeError(new Error('order 7 failed', { cause: 'no stock' }))
 */
export function serializeError(thrown: unknown): SerializedError {
  return serialize(thrown, [], { left: ERRORS_MAX })
}

/** True for an error as this module makes it: plain data but for its stack, which is read late. */
export function isSerialized(value: unknown): value is SerializedError {
  return typeof value === 'object' && value !== null && ErrorSnapshot.made(value)
}

/**
 * The text people should read about a thrown value: its message, or what it was if it has none.
 *
 * @example
 * describeThrown(new Error('no stock')) // 'no stock'
 * describeThrown(undefined) // 'undefined was thrown'
 */
export function describeThrown(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown === '' ? 'An empty string was thrown' : thrown
  if ((typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function') {
    const message = readText(thrown, 'message')
    if (message !== undefined && message !== '') return message
    const name = readText(thrown, 'name')
    return name === undefined || name === '' ? 'An object without a readable message was thrown' : name
  }
  return `${String(thrown)} was thrown`
}

function serialize(thrown: unknown, above: readonly unknown[], budget: { left: number }): SerializedError {
  if (above.includes(thrown)) return { name: 'Cyclic', message: 'one of the errors it is part of' }
  budget.left--
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'NonError', message: describeThrown(thrown) }
  const snapshot: Writable<SerializedError> = isError(thrown) ? new ErrorSnapshot(thrown) : blank(thrown)
  const code = read(thrown, 'code')
  if (typeof code === 'string' || typeof code === 'number') snapshot.code = String(code)
  const cause = read(thrown, 'cause')
  const parts = partsOf(thrown)
  if ((cause === undefined && parts === undefined) || above.length >= CAUSES_MAX) return snapshot
  const path = [...above, thrown]
  if (cause !== undefined && budget.left > 0) snapshot.cause = serialize(cause, path, budget)
  if (parts !== undefined) {
    snapshot.errors = parts.flatMap((part) => (budget.left > 0 ? [serialize(part, path, budget)] : []))
  }
  return snapshot
}

/** The parts of an AggregateError, as many as are kept; reading them may throw. */
function partsOf(thrown: object): readonly unknown[] | undefined {
  const parts = read(thrown, 'errors')
  try {
    return Array.isArray(parts) ? parts.slice(0, PARTS_MAX) : undefined
  } catch {
    return undefined
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function blank(thrown: object): Writable<SerializedError> {
  return { name: readText(thrown, 'name') ?? 'NonError', message: describeThrown(thrown) }
}

/**
 * A thrown Error as data, but for its stack, which is formatted when it is first read: that costs more than a whole step.
 * A class, because an accessor on a plain object costs half as much as the rest of a failed attempt.
 */
class ErrorSnapshot implements SerializedError {
  name: string
  message: string
  readonly #thrown: object
  #stack: string | undefined

  constructor(thrown: object) {
    this.#thrown = thrown
    this.name = readText(thrown, 'name') ?? 'Error'
    this.message = describeThrown(thrown)
  }

  static made(value: object): boolean {
    return #thrown in value
  }

  get stack(): string {
    return (this.#stack ??= readText(this.#thrown, 'stack') ?? '')
  }

  /** JSON has the stack, too. */
  toJSON(): SerializedError {
    return Object.assign({}, this, { stack: this.stack })
  }
}

function isError(value: object): boolean {
  try {
    return value instanceof Error
  } catch {
    return false
  }
}

function readText(from: object, key: string): string | undefined {
  const value = read(from, key)
  return typeof value === 'string' ? value : undefined
}

function read(from: object, key: string): unknown {
  try {
    return (from as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}
