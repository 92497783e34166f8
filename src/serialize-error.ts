import type { SerializedError } from './result.ts'

/** Cause chains deeper than this are cut; real ones are rarely longer than three. */
const CAUSES_MAX = 8
/** Parts of an AggregateError kept; as many as the longest fallback chain, and then some. */
const PARTS_MAX = 16

/**
 * Turns whatever was thrown into plain data. Never throws itself: thrown values may be `undefined`, frozen, cyclic
 * or proxies whose every trap throws. The stack is formatted when it is first read.
 */
export function serializeError(thrown: unknown): SerializedError {
  return serialize(thrown, [])
}

/** The text people should read about a thrown value: its message, or what it was if it has none. */
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

function serialize(thrown: unknown, seen: readonly unknown[]): SerializedError {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'NonError', message: describeThrown(thrown) }
  const serialized: Writable<SerializedError> = {
    name: readText(thrown, 'name') ?? 'NonError',
    message: describeThrown(thrown),
  }
  const code = read(thrown, 'code')
  if (typeof code === 'string' || typeof code === 'number') serialized.code = String(code)
  addLazyStack(serialized, thrown)
  const below = [...seen, thrown]
  const cause = read(thrown, 'cause')
  if (cause !== undefined && below.length <= CAUSES_MAX) {
    serialized.cause = below.includes(cause)
      ? { name: 'Cyclic', message: 'its own cause' }
      : serialize(cause, below)
  }
  const parts = read(thrown, 'errors')
  if (Array.isArray(parts) && below.length <= CAUSES_MAX) {
    serialized.errors = parts.slice(0, PARTS_MAX).map((part) => serialize(part, below))
  }
  return serialized
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function addLazyStack(target: object, thrown: object): void {
  if (!isError(thrown)) return
  let stack: string | undefined
  Object.defineProperty(target, 'stack', {
    enumerable: true,
    get: () => (stack ??= readText(thrown, 'stack') ?? ''),
  })
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
