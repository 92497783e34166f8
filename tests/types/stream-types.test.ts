import { type InputOf, type OutputOf, pipeline, step, type StepNode } from 'shakedown'
import { expectTypeOf, test } from 'vitest'

async function* words(text: string): AsyncGenerator<string> {
  yield* text.split(' ')
}

test('a stream’s output is the list of its chunks', () => {
  expectTypeOf(step('a', words)).toEqualTypeOf<StepNode<string, string[]>>()
  const promised = step('b', async (n: number) => (n > 1 ? words('x') : null))
  expectTypeOf<OutputOf<typeof promised>>().toEqualTypeOf<string[] | null>()
  const bytes = step('c', () => new ReadableStream<Uint8Array>())
  expectTypeOf<OutputOf<typeof bytes>>().toEqualTypeOf<Uint8Array[]>()
})

test('`collect` gives the output, and what it and `onChunk` see are the chunks', () => {
  const joined = step('a', words, {
    collect: (chunks) => chunks.join('').length,
    onChunk: ({ chunk }) => expectTypeOf(chunk).toEqualTypeOf<string>(),
    validate: (length) => length > 2,
  })
  expectTypeOf<OutputOf<typeof joined>>().toEqualTypeOf<number>()
  expectTypeOf<InputOf<typeof joined>>().toEqualTypeOf<string>()
  const later = step('b', words, { collect: async (chunks) => chunks.length })
  expectTypeOf<OutputOf<typeof later>>().toEqualTypeOf<number>()
  pipeline(
    'p',
    joined,
    step('c', (n) => n.toFixed()),
  )
})

test('what is no stream is what it was', () => {
  expectTypeOf(step('a', (n: number) => [n])).toEqualTypeOf<StepNode<number, number[]>>()
  const held = step('b', () => ({ stream: words('x') }))
  expectTypeOf<OutputOf<typeof held>>().toEqualTypeOf<{ stream: AsyncGenerator<string> }>()
  // @ts-expect-error the output is not what the variable says
  const wrong: StepNode<string, number> = step('d', () => 'text')
  void wrong
  const count = step('c', (n: number) => n)
  // @ts-expect-error a list of texts is no number
  const mismatched = () => pipeline('p', step('a', words), count)
  void mismatched
})
