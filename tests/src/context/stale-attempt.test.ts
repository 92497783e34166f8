import { pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

test('an attempt that outlived its timeout sees the context of its start, not what came after', async () => {
  const seen: unknown[] = []
  const slow = step(
    'slow',
    async (_: unknown, ctx) => {
      if (ctx.attempt === 2) {
        ctx.context.append('list', 'second attempt')
        return
      }
      await new Promise<void>((resolve) => ctx.clock.after(500, 'slow work', resolve))
      seen.push(ctx.context.keys(), ctx.context.get('list'))
    },
    { timeoutMs: 10, retries: 1 },
  )
  const waits = step('waits', (_: unknown, ctx) => ctx.sleep(1_000))
  const { result } = await runInSim(pipeline('p', slow, waits), undefined, { context: { list: ['start'] } })
  expect(seen).toEqual([['list'], ['start']])
  expect(result.context).toEqual({ list: ['start', 'second attempt'] })
})
