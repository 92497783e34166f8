import { types } from 'node:util'

/**
 * What V8 does not write: that an object has no prototype (`null`), and where a regular expression goes on. By the
 * position of the part in a walk through the value, which what is read takes in the same order.
 */
export type Odd = readonly [position: number, lastIndex: number | null]

/** Whether V8 would lose something of a part. */
export function isOdd(value: object): boolean {
  return types.isRegExp(value) ? value.lastIndex !== 0 : Object.getPrototypeOf(value) === null
}

export function oddParts(root: object): readonly Odd[] {
  return partsOf(root).flatMap((part, position): Odd[] =>
    isOdd(part) ? [[position, types.isRegExp(part) ? part.lastIndex : null]] : [],
  )
}

/** Gives a value that was read what V8 has lost of it. */
export function restoreOdd(root: object, odd: readonly Odd[]): void {
  const parts = partsOf(root)
  for (const [position, lastIndex] of odd) {
    const part = parts[position]
    if (part === undefined) continue
    if (types.isRegExp(part)) part.lastIndex = lastIndex ?? 0
    else Object.setPrototypeOf(part, null)
  }
}

/** Every object in a value, once. */
function partsOf(root: object): readonly object[] {
  const parts = new Set([root])
  const add = (part: unknown): void => {
    if (typeof part === 'object' && part !== null) parts.add(part)
  }
  // What is added on the way is met, too.
  for (const part of parts) {
    if (types.isMap(part))
      for (const [key, item] of part) {
        add(key)
        add(item)
      }
    else if (types.isSet(part)) for (const item of part) add(item)
    else if (!ArrayBuffer.isView(part))
      for (const key of Object.keys(part)) add((part as Readonly<Record<string, unknown>>)[key])
  }
  return [...parts]
}
