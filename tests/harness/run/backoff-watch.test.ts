import { parallel, step } from 'shakedown'
import { fault, type Ports, runScenario, scenario } from 'shakedown/harness'
import { expect, test } from 'vitest'

test('a back-off beside a branch that is still under way begins when that one is done', async () => {
  const flaky = step('a', (text: string) => text, { retries: 1, backoff: { baseMs: 100 } })
  const slow = step('b', async (text: string, ctx) => {
    await ctx.sleep(10)
    return text
  })
  const left = scenario('left')
    .subject(parallel('w', { a: flaky, b: slow }))
    .input('x')
    .on(flaky, fault.reject('no').next.off())
    .abort({ during: 'backoff' })
    .expect({ status: 'cancelled', virtualMs: 10, attempts: { a: 1, b: 1 } })
  expect((await runScenario(left)).problems).toEqual([])
})

test('a call that was tried again is in no back-off, whatever is awaited later', async () => {
  const calm = scenario('calm')
    .subject(async (_: unknown, { fn, clock }: Ports) => {
      const save = fn('save', async () => 'saved')
      const load = fn('load', async () => 'loaded')()
      await save().catch(save)
      await load
      await clock.sleep(500)
    })
    .on('fn:save', fault.reject('no').next.off())
    .on('fn:load', fault.delay(50))
    .abort({ during: 'backoff' })
  expect((await runScenario(calm)).problems).toMatchObject([{ code: 'E_VACUOUS', at: ['abort'] }])
})
