import { createEngine, explainRun, memoryAudit, step } from 'shakedown'
import { expect, test } from 'vitest'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'

test('what is metered after the attempt is over counts nothing, and the trail says so once', async () => {
  const audit = memoryAudit()
  const metered = Promise.withResolvers<void>()
  const forgotten = step('forgotten', (_: string, ctx) => {
    setImmediate(() => {
      ctx.meter({ costUsd: 5 })
      ctx.meter({ costUsd: 5 })
      metered.resolve()
    })
    return 1
  })
  const result = await createEngine({ audit }).run(forgotten, 'a', { runId: 'r' })
  await metered.promise
  expect(result.totals.usage.costUsd).toBe(0)
  const trail = audit.trail('r')!
  expect(trail.eventRows).toMatchObject([
    { event: 'late', path: 'forgotten', detail: { attempt: 1, settled: 'metered usage' } },
  ])
  expect(renderExplanation(explainRun(trail), { color: false, columns: 120 })).toContain(
    'attempt 1 metered usage after it had ended, which changed nothing',
  )
})
