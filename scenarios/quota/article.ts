import { createEngine, pipeline, step } from 'shakedown'
import type { Ports } from 'shakedown/harness'

/** What a call to the model costs, whether or not its answer is of use. */
const CALL_USD = 0.1

/** Writes an article within a budget: a draft, then a review. */
export async function articleWithin(budgetUsd: number, ports: Ports): Promise<unknown> {
  const model = ports.fn('model', async (task: string) => `${task} is done`)
  const ask = (task: string) =>
    step(
      task,
      async (_: unknown, { meter }) => {
        meter({ costUsd: CALL_USD })
        return model(task)
      },
      { retries: 2, backoff: { baseMs: 0 }, estimate: { costUsd: CALL_USD } },
    )
  const article = pipeline(
    'article',
    ask('draft'),
    ask('review').fallback(step('no review', () => 'unreviewed')),
  )
  const { output, totals } = await createEngine().run(article, 'tides', { quota: { costUsd: budgetUsd } })
  return { output, costUsd: totals.usage.costUsd }
}
