import { createEngine, memoryAudit, step } from 'shakedown'
import { expect, test } from 'vitest'

class Money {
  readonly #cents = 5
  get cents(): number {
    return this.#cents
  }
}

test.for([
  ['a function', () => ({ list: [1, { f: () => 1 }] }), "the output of step 's'", 'a function at .list[1].f'],
  [
    'an instance of a class',
    () => ({ price: new Money() }),
    "the output of step 's'",
    'class Money at .price',
  ],
  ['a symbol', () => new Map([['k', Symbol('x')]]), "the output of step 's'", 'a symbol at .get("k")'],
  ['a socket', () => new AbortController(), "the output of step 's'", 'class AbortController'],
] as const)('%s cannot be kept, so the attempt fails and is not made again', async ([, make, what, got]) => {
  let calls = 0
  const node = step(
    's',
    (): unknown => {
      calls++
      return make()
    },
    { retries: 3 },
  )
  const engine = createEngine({ audit: memoryAudit() })
  const result = await engine.run(node, undefined, { durable: true })
  expect(result).toMatchObject({ status: 'failed', error: { code: 'E_CHECKPOINT' }, attempts: 1 })
  expect(result.feedback).toContain(what)
  expect(result.feedback).toContain(got)
  expect(calls).toBe(1)
  await expect(engine.run(node, undefined)).resolves.toMatchObject({ status: 'completed' })
})

test('what is put into the context has to be kept, too, and the input', async () => {
  const node = step('s', (_: unknown, ctx) => {
    ctx.context.set('price', { of: new Money() })
    return 1
  })
  const engine = createEngine({ audit: memoryAudit() })
  await expect(engine.run(node, undefined, { durable: true })).resolves.toMatchObject({
    status: 'failed',
    context: {},
    feedback: expect.stringContaining("context key 'price' of step 's'"),
  })
  await expect(engine.run(node, new Money(), { durable: true })).rejects.toMatchObject({
    code: 'E_CHECKPOINT',
  })
  expect(engine.audit!.runs()).toHaveLength(1)
})
