import { createEngine, type InputOf, type OutputOf, parallel, pipeline, step } from 'shakedown'
import { expectTypeOf, test } from 'vitest'

const text = step('text', (topic: string) => topic)
const tone = step('tone', async (given: string) => given.length)
const facts = step('facts', (given: string) => given !== '')
const half = step('half', (n: number) => n / 2)

test('the output is an object of what each branch gives, by branch', () => {
  const node = parallel('reviews', { tone, facts: facts.fallback(step('none', () => null)) })
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<{ tone: number; facts: boolean | null }>()
  pipeline(
    'p',
    text,
    node,
    step('sum', (given) => {
      expectTypeOf(given).toEqualTypeOf<{ tone: number; facts: boolean | null }>()
      return given.tone
    }),
  )
})

test('under `ignore` the branches that failed have no key', () => {
  const node = parallel('reviews', { tone, facts }, { onBranchFailure: 'ignore' })
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<{ tone?: number; facts?: boolean }>()
  const collected = parallel('reviews', { tone, facts }, { onBranchFailure: 'collect', concurrency: 1 })
  expectTypeOf<OutputOf<typeof collected>>().toEqualTypeOf<{ tone: number; facts: boolean }>()
})

test('the input is what all branches take; a step that ignores its input takes anything', () => {
  const named = step('named', (given: { name: string }) => given.name)
  const aged = step('aged', (given: { age: number }) => given.age)
  const node = parallel('both', { named, aged, none: step('none', () => 1) })
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<{ name: string } & { age: number }>()
  const deaf = parallel('deaf', { none: step('none', () => 1) })
  expectTypeOf<InputOf<typeof deaf>>().toEqualTypeOf<unknown>()
})

test('a wrong connection does not compile, and the error is at the node that is wrong', async () => {
  pipeline(
    'p',
    half,
    // @ts-expect-error the branches take text and would be given a number
    parallel('reviews', { tone, facts }),
  )
  pipeline(
    'p',
    text,
    parallel('reviews', { tone, facts }),
    // @ts-expect-error it takes a number and would be given an object
    half,
  )
  // @ts-expect-error no input is text and a number
  await createEngine().run(parallel('both', { tone, half }), 'text')
  // @ts-expect-error not a node
  const refused = (): unknown => parallel('both', { tone: (given: string) => given.length })
  expectTypeOf(refused).toBeFunction()
})

test('a fallback of a parallel node takes its input, and its output joins the node’s', () => {
  const node = parallel('reviews', { tone }).fallback(step('backup', (given) => given.toUpperCase()))
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<{ tone: number } | string>()
  // @ts-expect-error the fallback would be given text
  parallel('reviews', { tone }).fallback(half)
})

test('options are checked, and their types are plain', () => {
  // @ts-expect-error no such strategy
  const refused = (): unknown => parallel('reviews', { tone }, { context: 'last-wins' })
  expectTypeOf(refused).toBeFunction()
  parallel(
    'reviews',
    { tone },
    {
      onConflict: (key, base, values) => {
        expectTypeOf(key).toEqualTypeOf<string>()
        expectTypeOf(base).toEqualTypeOf<unknown>()
        expectTypeOf(values).toEqualTypeOf<Readonly<Record<string, unknown>>>()
        return base
      },
    },
  )
})
