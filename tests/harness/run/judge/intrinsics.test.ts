import { expect, test } from 'vitest'
import { withIntrinsics } from '../../../../harness/run/judge/intrinsics.ts'

/** What was seen while a method of the language was replaced by another function that does the same. */
interface Seen {
  readonly names: readonly string[]
  /** What stood in its place while the verdict was reached. */
  readonly during: unknown
  /** Whether the replacement was there again afterwards. */
  readonly backAgain: boolean
}

/** Replaces them, judges, and puts all back before anybody else, such as Vitest, needs one. */
function judgedWithout(...replaced: readonly (readonly [holder: object, key: PropertyKey])[]): Seen {
  const befores = replaced.map(([holder, key]) => Object.getOwnPropertyDescriptor(holder, key)!)
  const [holder, key] = replaced[0]!
  const at = (): unknown => (holder as Record<PropertyKey, unknown>)[key]
  try {
    for (const [index, [of, name]] of replaced.entries())
      Object.defineProperty(of, name, { ...befores[index], value: sameAs(befores[index]!.value) })
    const replacement = at()
    let names: readonly string[] = []
    const during = withIntrinsics((told) => {
      names = [...told]
      return at()
    })
    return { names, during, backAgain: at() === replacement }
  } finally {
    for (let index = 0; index < replaced.length; index++)
      Object.defineProperty(replaced[index]![0], replaced[index]![1], befores[index]!)
  }
}

const { apply } = Reflect

function sameAs(original: (...given: unknown[]) => unknown): unknown {
  return function (this: unknown, ...given: unknown[]): unknown {
    return apply(original, this, given)
  }
}

const iteratorOf = (values: object): object => Object.getPrototypeOf(values) as object

const LISTS = ['at', 'every', 'filter', 'find', 'flatMap', 'includes', 'join', 'map', 'push', 'slice', 'some']
const holders: [name: string, holder: object, keys: PropertyKey[]][] = [
  ['Array.prototype', Array.prototype, [...LISTS, Symbol.iterator]],
  ['the iterator of lists', iteratorOf([].values()), ['next']],
  ['the iterator of maps', iteratorOf(new Map().values()), ['next']],
  ['Map.prototype', Map.prototype, ['get', 'has', 'set']],
  ['Set.prototype', Set.prototype, ['has']],
  ['WeakMap.prototype', WeakMap.prototype, ['get']],
  ['Object', Object, ['entries', 'fromEntries', 'is', 'keys']],
  ['String.prototype', String.prototype, ['includes', 'slice', 'startsWith']],
  ['RegExp.prototype', RegExp.prototype, ['exec', 'test']],
  ['JSON', JSON, ['stringify']],
  ['Math', Math, ['abs', 'max']],
]

test.for(
  holders.flatMap(([name, holder, keys]) =>
    keys.map((key) => [`${name}.${String(key)}`, holder, key] as const),
  ),
)('a verdict is reached with the original of %s, and says that it was replaced', ([name, holder, key]) => {
  const original: unknown = (holder as Record<PropertyKey, unknown>)[key]
  const { names, during, backAgain } = judgedWithout([holder, key])
  expect(names).toEqual([name])
  expect(during === original).toBe(true)
  expect(backAgain).toBe(true)
})

test('what no comparison is made of may be replaced without a word; it is put back only beside one that is', () => {
  const { copyWithin } = Array.prototype
  const alone = judgedWithout([Array.prototype, 'copyWithin'])
  expect(alone.names).toEqual([])
  expect(alone.during === copyWithin).toBe(false)
  const beside = judgedWithout([Array.prototype, 'copyWithin'], [Object, 'is'])
  expect(beside.names).toEqual(['Array.prototype.copyWithin', 'Object.is'])
  expect(beside.during === copyWithin).toBe(true)
  expect(beside.backAgain).toBe(true)
})

test('a replacement is back though the work throws', () => {
  const { max } = Math
  const other = (): number => 0
  Math.max = other
  try {
    expect(() =>
      withIntrinsics(() => {
        throw new Error('no verdict')
      }),
    ).toThrow('no verdict')
    expect(Math.max === other).toBe(true)
  } finally {
    Math.max = max
  }
})
