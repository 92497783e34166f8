import { conversation, type InputOf, type OutputOf, pipeline, step } from 'shakedown'
import { expect, expectTypeOf, test } from 'vitest'

const count = step('count', (text: string) => text.length)
const half = step('half', (n: number) => n / 2)
const shout = step('shout', (text: string) => text.toUpperCase())

test('a conversation takes and gives what its body does, or what its mappers make of it', () => {
  const plain = conversation('talk', shout, { maxIterations: 9 })
  expectTypeOf<InputOf<typeof plain>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof plain>>().toEqualTypeOf<string>()
  const mapped = conversation('talk', count, {
    initialInput: (words: readonly string[]) => words.join(''),
    nextInput: (n) => {
      expectTypeOf(n).toEqualTypeOf<number>()
      return String(n)
    },
    output: async (n) => [n],
    maxIterations: 9,
  })
  expectTypeOf<InputOf<typeof mapped>>().toEqualTypeOf<readonly string[]>()
  expectTypeOf<OutputOf<typeof mapped>>().toEqualTypeOf<number[]>()
})

test('a body that does not take what it gives needs a mapper', () => {
  // @ts-expect-error a number is no text: `nextInput` is missing
  const node = conversation('talk', count, { maxIterations: 1 })
  expect(node.kind).toBe('conversation')
})

test('a wrong connection blames the conversation that is given what it does not take', () => {
  pipeline(
    'p',
    count,
    // @ts-expect-error a number goes into a conversation that takes text
    conversation('talk', shout, { maxIterations: 9 }),
  )
  pipeline(
    'p',
    conversation('talk', shout, { maxIterations: 9 }),
    // @ts-expect-error text goes into a step that takes a number
    half,
  )
})
