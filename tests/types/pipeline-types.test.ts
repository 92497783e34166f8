import { type AnyNode, createEngine, type InputOf, type Node, type OutputOf, pipeline, step } from 'shakedown'
import { expectTypeOf, test } from 'vitest'

const count = step('count', (text: string) => text.length)
const half = step('half', async (n: number) => n / 2)

test('inputs and outputs infer through a pipeline, promises unwrapped', () => {
  const node = pipeline(
    'p',
    count,
    half,
    step('say', (n) => ({ said: n })),
  )
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<{ said: number }>()
})

test('one of several nodes takes what each of them takes, because any of them may be it', async () => {
  const engine = createEngine()
  const either = [count, half][Number(engine.audit !== undefined)] ?? count
  expectTypeOf<InputOf<typeof either>>().toEqualTypeOf<never>()
  // @ts-expect-error it may be the one that takes a number
  await engine.run(either, 'text')
  // @ts-expect-error it may be the one that takes text
  await engine.run(either, 2)
  type Parts = Node<{ a: string }, string> | Node<{ b: number }, number>
  expectTypeOf<InputOf<Parts>>().toEqualTypeOf<{ a: string } & { b: number }>()
  expectTypeOf<OutputOf<Parts>>().toEqualTypeOf<string | number>()
  expectTypeOf<InputOf<AnyNode>>().toEqualTypeOf<never>()
})

test('an unannotated step takes its input from the node before it', () => {
  pipeline(
    'p',
    count,
    step('next', (n) => {
      expectTypeOf(n).toEqualTypeOf<number>()
      return n
    }),
  )
})

test('a wrong connection does not compile', () => {
  // @ts-expect-error a number goes into a step that takes text
  pipeline('p', count, count)
})

test('a fallback takes the primary’s input, and its output joins the primary’s', () => {
  const node = count.fallback(step('none', () => null))
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<number | null>()
  // @ts-expect-error the fallback would be given text
  count.fallback(half)
})

test('an unannotated fallback takes its input from the step it stands behind', () => {
  count.fallback(
    step('backup', (text) => {
      expectTypeOf(text).toEqualTypeOf<string>()
      return 0
    }),
  )
})

test('a validator is given the step’s output', () => {
  step('v', () => 'text', {
    validate: (output) => {
      expectTypeOf(output).toEqualTypeOf<string>()
      return true
    },
  })
})
