import { createEngine, type OutputOf, type InputOf, pipeline, step, type StepResult } from 'shakedown'
import { expect, expectTypeOf, test } from 'vitest'

const count = step('count', (text: string) => text.length)

test('a function may return a promise of one thing or another thing', () => {
  const either = step('either', (n: number) => (n > 1 ? Promise.resolve('many') : null))
  const twoPromises = step('two', (n: number) => (n > 1 ? Promise.resolve('many') : Promise.resolve(n)))
  const cache = new Map<string, number>()
  const cached = step('cached', (key: string) => cache.get(key) ?? Promise.resolve(key.length))
  expectTypeOf<OutputOf<typeof either>>().toEqualTypeOf<string | null>()
  expectTypeOf<OutputOf<typeof twoPromises>>().toEqualTypeOf<string | number>()
  expectTypeOf<OutputOf<typeof cached>>().toEqualTypeOf<number>()
})

test('an option given as `undefined` is an option left out', async () => {
  const unset = step('s', () => 1, {
    retries: undefined,
    timeoutMs: undefined,
    backoff: { baseMs: undefined, jitter: 'full' },
    validate: () => ({ ok: true, feedback: undefined }),
  })
  expect(await createEngine().run(unset, undefined)).toMatchObject({ success: true })
})

test('`success` tells a result with an output from one without', async () => {
  const result = await createEngine().run(count, 'tides')
  expectTypeOf(result.output).toEqualTypeOf<number | undefined>()
  if (result.success) {
    expectTypeOf(result.output).toEqualTypeOf<number>()
    expectTypeOf(result.status).toEqualTypeOf<'completed'>()
    expectTypeOf(result.error).toEqualTypeOf<null>()
  } else {
    expectTypeOf(result.output).toEqualTypeOf<undefined>()
    expectTypeOf(result.feedback).toEqualTypeOf<string | null>()
  }
  const length = (part: StepResult<string>): number => (part.success ? part.output.length : 0)
  expect(length({ ...result, success: false, status: 'failed', output: undefined })).toBe(0)
})

test('outputs infer through a chain of ten fallbacks of ten types', () => {
  const gives = <T>(value: T) => step('gives', (_: string) => value)
  const chain = count.fallback(gives('a'), gives(true), gives(null), gives({ a: 1 }), gives([1]))
  expectTypeOf<OutputOf<typeof chain>>().toEqualTypeOf<
    number | string | boolean | null | { a: number } | number[]
  >()
  const ten = count.fallback(
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    count,
    gives<'last'>('last'),
  )
  expectTypeOf<OutputOf<typeof ten>>().toEqualTypeOf<number | 'last'>()
})

test('unannotated fallbacks of a step that says what it takes infer it, inside a pipeline, too', () => {
  const node = pipeline(
    'p',
    count,
    step('shown', (n: number) => `${n}`).fallback(
      step('backup', (n) => {
        expectTypeOf(n).toEqualTypeOf<number>()
        return n
      }),
      step('last', (n) => [n]),
    ),
  )
  expectTypeOf<InputOf<typeof node>>().toEqualTypeOf<string>()
  expectTypeOf<OutputOf<typeof node>>().toEqualTypeOf<string | number | number[]>()
})

test('an unannotated step infers after nine nodes, too, and as a nested pipeline’s first node', () => {
  const same = step('same', (n: number) => n)
  pipeline(
    'p',
    count,
    same,
    same,
    same,
    same,
    same,
    same,
    step('eighth', (n) => {
      expectTypeOf(n).toEqualTypeOf<number>()
      return n
    }),
  )
  pipeline(
    'outer',
    count,
    pipeline(
      'inner',
      step('first', (n) => {
        expectTypeOf(n).toEqualTypeOf<number>()
        return n
      }),
      same,
    ),
  )
})

test('what an unannotated step is given must be said when a fallback follows it in one expression', () => {
  pipeline(
    'p',
    count,
    // TypeScript gives the object of a method call no context to infer from: `unknown` at least lets nothing wrong pass.
    step('say', (n) => {
      expectTypeOf(n).toEqualTypeOf<unknown>()
      return n
    }).fallback(step('none', () => null)),
  )
})
