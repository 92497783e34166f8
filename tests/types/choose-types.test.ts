import { choose, type InputOf, loop, type OutputOf, pipeline, step } from 'shakedown'
import { expect, expectTypeOf, test } from 'vitest'

const count = step('count', (text: string) => text.length)
const shout = step('shout', (text: string) => text.toUpperCase())
const half = step('half', (n: number) => n / 2)

test('a choice takes what all branches take, and gives what one of them gives', () => {
  const node = choose(
    'way',
    (text) => {
      expectTypeOf(text).toEqualTypeOf<string>()
      return text === '' ? 'count' : 'shout'
    },
    { count, shout },
  )
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<number | string>()
  const parts = choose('parts', ({ a, b }) => (a === b ? 'x' : 'y'), {
    x: step('x', ({ a }: { a: string }) => a),
    y: step('y', ({ b }: { b: string }) => b),
  })
  expectTypeOf<InputOf<typeof parts>>().toEqualTypeOf<{ a: string } & { b: string }>()
})

test('a selector may ask for more than the branches take', () => {
  const node = choose('way', (order: { vip: boolean }) => (order.vip ? 'fast' : 'slow'), {
    fast: step('fast', () => 1),
    slow: step('slow', () => 'x'),
  })
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<{ vip: boolean }>()
})

test('a selector gives the name of a branch, and any name where there is `otherwise`', () => {
  const { pick } = { pick: (): 'count' | 'shuot' => 'count' }
  // @ts-expect-error there is no such branch
  choose('way', pick, { count, shout })
  const node = choose('way', (text) => text, { count }, { otherwise: step('none', (_: string) => null) })
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<number | null>()
})

test('a wrong connection blames the choice or the loop that is given what it does not take', () => {
  pipeline(
    'p',
    half,
    // @ts-expect-error a number goes into a choice that takes text
    choose('way', () => 'count' as const, { count, shout }),
  )
  pipeline(
    'p',
    shout,
    // @ts-expect-error text goes into a loop that takes a number
    loop('l', half, { until: (n) => n < 1, maxIterations: 9 }),
  )
  pipeline(
    'p',
    choose('way', () => 'count', { count, shout }),
    // @ts-expect-error it may be given a number
    shout,
  )
})

test('a loop takes and gives what its body does, or what its mappers make of it', () => {
  const plain = loop('l', half, { until: (n) => n < 1, maxIterations: 9 })
  expectTypeOf<InputOf<typeof plain>>().toEqualTypeOf<number>()
  expectTypeOf<OutputOf<typeof plain>>().toEqualTypeOf<number>()
  const mapped = loop('l', count, {
    initialInput: (words: readonly string[]) => words.join(''),
    nextInput: (n) => {
      expectTypeOf(n).toEqualTypeOf<number>()
      return String(n)
    },
    until: (n, { iteration }) => n === iteration,
    output: async (n) => [n],
    maxIterations: 9,
  })
  expectTypeOf<InputOf<typeof mapped>>().toEqualTypeOf<readonly string[]>()
  expectTypeOf<OutputOf<typeof mapped>>().toEqualTypeOf<number[]>()
})

test('a body that does not take what it gives needs a mapper', () => {
  // @ts-expect-error a number is no text: `nextInput` is missing
  const node = loop('l', count, { until: () => true, maxIterations: 1 })
  expect(node.kind).toBe('loop')
  // @ts-expect-error the body takes text
  loop('l', count, { until: () => true, maxIterations: 1, nextInput: (n: number) => n })
})

test('a choice and a loop can be given fallbacks', () => {
  const node = loop('l', half, { until: (n) => n < 1, maxIterations: 9 }).fallback(
    choose('way', () => 'x', { x: step('x', (n: number) => String(n)) }),
  )
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<number | string>()
})
