import { types } from 'node:util'
import { ShakedownError } from '../../base/errors.ts'
import { isPlainPrototype } from '../../base/plain-json.ts'
import { describeThrown } from '../../base/serialize-error.ts'
import { isOdd } from './odd-parts.ts'

/**
 * A durable run was to keep a value that cannot be kept exactly. Not retried: the work was done, and doing it again would
 * give the same.
 *
 * @example
 * const result = await engine.run(step('open', () => new AbortController()), undefined, { durable: true })
 * if (result.error?.name === CheckpointError.name) console.error(result.feedback)
 */
export class CheckpointError extends ShakedownError {
  override readonly name = 'CheckpointError'
  readonly retryable = false

  constructor(what: string, at: string, found: string, cause?: unknown) {
    super(
      'E_CHECKPOINT',
      `Expected ${what} to be data that can be kept for a durable run, got ${found}${at === '' ? '' : ` at ${at}`}.`,
      {
        hint: 'Give plain objects, lists, maps, sets, dates, bytes and texts; make a class instance from them where it is needed.',
        ...(cause === undefined ? {} : { cause }),
      },
    )
  }
}

interface Part {
  readonly value: unknown
  readonly above: Part | undefined
  /** How it is reached from what is above: `.name`, `[3]`. */
  readonly step: string
}

/**
 * Checks that a value comes back exactly as it is: V8 would drop the class of an instance, and a symbol, without a word.
 *
 * @param what it is, for the error: `the output of step 'draft'`
 * @returns whether something in it is odd: V8 alone would lose something of it
 * @throws CheckpointError naming the part
 */
export function checkStorable(what: string, value: unknown): boolean {
  if (isStorableLeaf(value)) return false
  const parts: Part[] = [{ value, above: undefined, step: '' }]
  const found = unstorable(parts, what)
  if (found !== undefined) throw new CheckpointError(what, placeOf(found.part), found.got)
  return parts.some((part) => isOdd(part.value as object))
}

interface Unstorable {
  readonly part: Part
  readonly got: string
}

function unstorable(parts: Part[], what: string): Unstorable | undefined {
  const seen = new Set<unknown>()
  // By index: what is found is added at the end.
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]
    if (part === undefined || seen.has(part.value)) continue
    seen.add(part.value)
    try {
      const got = gotUnstorable(part, parts)
      if (got !== undefined) return { part, got }
    } catch (thrown) {
      throw new CheckpointError(
        what,
        placeOf(part),
        `something that cannot be read (${describeThrown(thrown)})`,
        thrown,
      )
    }
  }
  return undefined
}

function isStorableLeaf(value: unknown): boolean {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  )
}

/** What a part is, when it cannot be stored; else what is in it is added to the parts. */
function gotUnstorable(part: Part, parts: Part[]): string | undefined {
  const { value } = part
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value !== 'object' || value === null) return undefined
  if (types.isProxy(value)) return 'a proxy'
  const add = (inner: unknown, step: string): void => {
    if (!isStorableLeaf(inner)) parts.push({ value: inner, above: part, step })
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (Array.isArray(value)) {
    if (!isBuiltIn(prototype)) return instanceOf(value)
    addProperties(value, add)
    return symbolOf(value)
  }
  if (isPlainPrototype(prototype)) {
    addProperties(value, add)
    return symbolOf(value)
  }
  if (types.isArrayBufferView(value)) return isKept(value, prototype) ? undefined : instanceOf(value)
  if (!isBuiltIn(prototype)) return instanceOf(value)
  if (types.isMap(value)) {
    for (const [key, item] of value) {
      add(key, '.keys()')
      add(item, typeof key === 'string' ? `.get(${JSON.stringify(key)})` : '.values()')
    }
    return undefined
  }
  if (types.isSet(value)) {
    for (const item of value) add(item, '.values()')
    return undefined
  }
  return types.isDate(value) || types.isRegExp(value) || types.isArrayBuffer(value)
    ? undefined
    : instanceOf(value)
}

function addProperties(value: object, add: (inner: unknown, step: string) => void): void {
  const isList = Array.isArray(value)
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key]
    // Only of what is looked at: building the text for each of a million numbers would take longer than the look.
    if (!isStorableLeaf(inner)) add(inner, isList ? `[${key}]` : `.${key}`)
  }
}

/** V8 leaves out what is under a symbol. */
function symbolOf(value: object): string | undefined {
  const symbol = Object.getOwnPropertySymbols(value).find((key) =>
    Object.prototype.propertyIsEnumerable.call(value, key),
  )
  return symbol === undefined ? undefined : `something under the symbol ${String(symbol)}`
}

/** The prototype of a built-in class, of this realm or another: right below that of plain objects. */
function isBuiltIn(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    isPlainPrototype(Object.getPrototypeOf(prototype)) &&
    isNative(prototype.constructor)
  )
}

/** Views are one deeper, and a `Buffer` two. */
function isKept(value: object, prototype: unknown): boolean {
  if (Buffer.isBuffer(value)) return prototype === Buffer.prototype
  return isBuiltIn(prototype) || isBuiltIn(Object.getPrototypeOf(prototype))
}

function isNative(constructor: unknown): boolean {
  return (
    typeof constructor === 'function' &&
    /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor))
  )
}

function instanceOf(value: object): string {
  const made: unknown = (value as { constructor?: unknown }).constructor
  const name = typeof made === 'function' && made.name !== '' ? made.name : undefined
  return name === undefined ? 'an instance of a class' : `an instance of class ${name}`
}

function placeOf(part: Part): string {
  const steps: string[] = []
  for (let at: Part | undefined = part; at !== undefined; at = at.above) steps.push(at.step)
  return steps.toReversed().join('')
}
