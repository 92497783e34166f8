import { approval, createRegistry, functionAdapter, parallel, route, step } from 'shakedown'
import { runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'
import * as z from 'zod'

test('a breaker that one route opens is right to stop another one that shares it', async () => {
  const adapters = ['one', 'two'].map((name) => functionAdapter(name, async () => name))
  const shared = createRegistry(adapters, { breaker: { failuresMax: 2, coolDownMs: 200 } })
  const asking = parallel('w', { a: route('a', { adapters: shared }), b: route('b', { adapters: shared }) })
  const reset = scenario('both').subject(asking).input({}).on('adapter:one', 'inf*reject(ECONNRESET)')
  expect(await runScenario(reset)).toMatchObject({ status: 'completed', problems: [] })
})

test('a branch that waits for a person has ended when its caller leaves', async () => {
  const asked = approval('ok', { message: 'ok?', schema: z.boolean() })
  const slow = step('b', async (text: string, ctx) => {
    await ctx.sleep(20)
    return text
  })
  const left = scenario('left')
    .subject(parallel('w', { a: asked, b: slow }))
    .input('x')
    .abort(15)
  expect(await runScenario(left)).toMatchObject({ status: 'cancelled', problems: [] })
})
