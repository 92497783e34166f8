import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keptIntrinsics, withIntrinsics } from '../../../../harness/run/judge/intrinsics.ts'

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
  const at = (): unknown => standsAt(holder, key)
  try {
    for (let index = 0; index < replaced.length; index++)
      defineProperty(replaced[index]![0], replaced[index]![1], another(befores[index]!))
    const replacement = at()
    let names: readonly string[] = []
    const during = withIntrinsics((told) => {
      names = [...told]
      return at()
    })
    return { names, during, backAgain: at() === replacement }
  } finally {
    for (let index = 0; index < replaced.length; index++)
      defineProperty(replaced[index]![0], replaced[index]![1], befores[index]!)
  }
}

const { create, defineProperty, getOwnPropertyDescriptor } = Object
const { apply, construct } = Reflect

/** The method or the getter. */
function standsAt(holder: object, key: PropertyKey): unknown {
  const property = getOwnPropertyDescriptor(holder, key)
  return property?.get ?? (property?.value as unknown)
}

function another({ get, value, ...rest }: PropertyDescriptor): PropertyDescriptor {
  if (get !== undefined) return { ...rest, get: sameAs(get as () => unknown) as () => unknown }
  return { ...rest, value: typeof value === 'function' ? sameAs(value as () => unknown) : create(value) }
}

function sameAs(original: (...given: unknown[]) => unknown): unknown {
  return function (this: unknown, ...given: unknown[]): unknown {
    return new.target === undefined ? apply(original, this, given) : construct(original, given)
  }
}

const iteratorOf = (values: object): object => Object.getPrototypeOf(values) as object

const prototypes: Readonly<Record<string, object>> = {
  'Array.prototype': Array.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'WeakMap.prototype': WeakMap.prototype,
  'WeakSet.prototype': WeakSet.prototype,
  'String.prototype': String.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Function.prototype': Function.prototype,
  'Iterator.prototype': Iterator.prototype,
}

/** Names that are those of our own data far more often, and the signal, which Node loads when it is first asked for. */
const OF_ANYTHING: ReadonlySet<string> = new Set(['constructor', 'caller', 'length', 'name', 'AbortSignal'])

/** What the text of the code that judges says: `.NAME` of whatever may have it, `Holder.NAME`, and names of its own. */
function usedByTheJudge(): [name: string, holder: object, key: PropertyKey][] {
  const files = ['harness/run/judge', 'harness/match', 'harness/oracles']
    .flatMap((folder) => globSync(`${folder}/*.ts`))
    .filter((file) => !/intrinsics|intact/.test(file))
  const code = files
    .map((file) => readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, ''))
    .join('\n')
  const found = new Map<string, [string, object, PropertyKey]>()
  const add = (name: string, holder: object, key: string): void => {
    const isConfigurable = getOwnPropertyDescriptor(holder, key)?.configurable === true
    if (isConfigurable && !OF_ANYTHING.has(key)) found.set(`${name}.${key}`, [name, holder, key])
  }
  for (const [, key = ''] of code.matchAll(/\.(\w+)\b/g))
    for (const [name, holder] of Object.entries(prototypes)) add(name, holder, key)
  for (const [, name = '', key = ''] of code.matchAll(
    /\b(Object|Array|Map|Math|JSON|Reflect|Number|String)\.(\w+)/g,
  ))
    add(name, (globalThis as unknown as Record<string, object>)[name]!, key)
  // `the Date` of a message is none; tests replace that one, and judging does without it.
  for (const [, key = ''] of code.matchAll(/(?<![.\w`'"]|\bthe )([A-Z]\w+)\b/g))
    add('globalThis', globalThis, key)
  return [...found.values()]
}

/** What syntax stands for: spreads, loops over lists and maps, `new Set([…])`, copies of lists. */
const impliedBySyntax: [name: string, holder: object, keys: PropertyKey[]][] = [
  ['Array.prototype', Array.prototype, [Symbol.iterator, 'constructor']],
  ['Map.prototype', Map.prototype, [Symbol.iterator]],
  ['Set.prototype', Set.prototype, [Symbol.iterator]],
  ['the iterator of lists', iteratorOf([].values()), ['next']],
  ['the iterator of maps', iteratorOf(new Map().values()), ['next']],
  ['the iterator of sets', iteratorOf(new Set().values()), ['next']],
  ['RegExp.prototype', RegExp.prototype, ['exec']],
]
const holders = [
  ...usedByTheJudge().map(([name, holder, key]) => [name, holder, [key]] as const),
  ...impliedBySyntax,
]

test('what the judge uses is found in its text', () => {
  const used = holders.flatMap(([name, , keys]) => keys.map((key) => `${name}.${String(key)}`))
  expect(used).toEqual(
    expect.arrayContaining([
      'Array.prototype.findIndex',
      'Map.prototype.size',
      'Object.entries',
      'globalThis.RegExp',
    ]),
  )
})

test.for(
  holders.flatMap(([name, holder, keys]) =>
    keys.map((key) => [`${name}.${String(key)}`, holder, key] as const),
  ),
)('a verdict is reached with the original of %s, and says that it was replaced', ([name, holder, key]) => {
  const original = standsAt(holder, key)
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

test('what was replaced meanwhile is put back, and what a test had replaced before stays', () => {
  const { findIndex } = Array.prototype
  const { max } = Math
  const own = (): number => 0
  try {
    const restore = keptIntrinsics()
    defineProperty(Array.prototype, 'findIndex', { value: own })
    restore()
    expect(Array.prototype.findIndex === findIndex).toBe(true)
    Math.max = own
    const restoreToOwn = keptIntrinsics()
    expect(Math.max === own).toBe(true)
    defineProperty(Array.prototype, 'findIndex', { value: own })
    Math.max = max
    restoreToOwn()
    expect([Math.max === own, Array.prototype.findIndex === findIndex]).toEqual([true, true])
  } finally {
    Math.max = max
    defineProperty(Array.prototype, 'findIndex', { value: findIndex })
  }
})
