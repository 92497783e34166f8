import { explainRun, parallel, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { runInSim } from '../../support/in-sim.ts'

test('a run whose branches failed says who failed, who was cancelled for it, and who was not waited for', async () => {
  const branches = {
    tone: step('tone', () => 'calm'),
    facts: step('facts', async (_: unknown, ctx): Promise<string> => {
      await ctx.sleep(50)
      throw new Error('out of credit')
    }),
    deaf: step(
      'deaf',
      (_: unknown, ctx) => new Promise<void>((resolve) => ctx.clock.after(400, 'deaf', resolve)),
    ),
  }
  const node = pipeline('article', parallel('reviews', branches, { settleMs: 100 }))
  const { audit, result } = await runInSim(node, 'tides')
  const trail = audit.trail(result.runId)
  const text = renderExplanation(explainRun(trail!), { color: false, columns: 80 })
  const lines = [
    '0 ms  article/reviews/deaf [t4], attempt 1: cancelled after 50 ms',
    'error   AbortSignalled: The branch was cancelled (E_ABORTED)',
    "caused by SiblingEndedError: branch 'facts' failed",
    '150 ms  article/reviews [t4]: a cancelled branch was not waited for any',
    '150 ms  article/reviews (join, all): failed after 150 ms: ',
    'lost    facts (out of credit), deaf',
    '• article/reviews/facts failed after 1 attempt: out of credit',
  ]
  for (const line of lines) expect(text).toContain(line)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})
