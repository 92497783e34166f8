import { cached, type InputOf, type OutputOf, pipeline, step } from 'shakedown'
import { expectTypeOf, test } from 'vitest'

const count = step('count', (text: string) => text.length)
const half = step('half', (n: number) => n / 2)

test('a cached node takes and gives what the node in it does', () => {
  const node = cached(count, { ttlMs: 1_000 })
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<number>()
  const safe = cached(count.fallback(step('none', () => null)), { ttlMs: 1_000 })
  expectTypeOf<OutputOf<typeof safe>>().toEqualTypeOf<number | null>()
  const made = node.fallback(step('none', () => null))
  expectTypeOf<OutputOf<typeof made>>().toEqualTypeOf<number | null>()
})

test('a key is given the input, and gives text', () => {
  cached(count, {
    ttlMs: 1_000,
    key: (text) => {
      expectTypeOf(text).toEqualTypeOf<string>()
      return text
    },
  })
  cached(count, {
    ttlMs: 1_000,
    // @ts-expect-error a number is no key
    key: (text) => text.length,
  })
  cached(count, {
    ttlMs: 1_000,
    // @ts-expect-error the node takes text
    key: (n: number) => String(n),
  })
})

test('a wrong connection blames the cached node that is given what it does not take', () => {
  pipeline(
    'p',
    half,
    // @ts-expect-error a number goes into a cached node that takes text
    cached(count, { ttlMs: 1_000 }),
  )
  pipeline(
    'p',
    cached(count, { ttlMs: 1_000 }),
    // @ts-expect-error a number goes into a step that takes text
    count,
  )
})
