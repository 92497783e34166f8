import {
  approval,
  createEngine,
  loop,
  memoryAudit,
  parallel,
  pipeline,
  step,
  waitingApprovals,
} from 'shakedown'
import type { Ports } from 'shakedown/harness'
import { z } from 'zod'

const draft = step('draft', (topic: string) => `All about ${topic}`, { retries: 2, backoff: { baseMs: 100 } })
const editor = approval('editor', { message: (text: string) => `Publish "${text}"?`, schema: z.boolean() })
const send = step('send', (ok: boolean) => (ok ? 'sent' : 'kept'), { retries: 1, backoff: { baseMs: 50 } })

/** A person decides whether a draft goes out. */
export const publish = pipeline('publish', draft, editor, send)

/** A person's answer is nothing that a fallback could give in their place. */
export const publishOrKeep = pipeline(
  'publish or keep',
  draft,
  editor.fallback(step('robot', () => true)),
  send,
)

/** Two people are asked at once, while a third branch works. */
export const review = pipeline(
  'review',
  parallel('both', {
    law: pipeline(
      'law',
      step('read', (text: string) => text),
      editor,
    ),
    style: approval('style', { message: 'Well written?', schema: z.boolean() }),
    facts: step('facts', (text: string) => text.length, { retries: 1, backoff: { baseMs: 50 } }),
  }),
)

/** A person is asked after each round. */
export const rounds = loop(
  'rounds',
  pipeline(
    'round',
    step('polish', (text: string) => `${text}!`),
    approval('enough', { message: 'Enough?', schema: z.string() }),
  ),
  { until: (text: string) => text === 'yes', maxIterations: 3 },
)

/** Runs a pipeline until nobody is waited for any more; everybody says yes. Returns how often somebody was asked. */
export async function answered(topic: string, ports: Ports): Promise<{ output: unknown; asked: number }> {
  const engine = createEngine({ world: ports.world, audit: memoryAudit() })
  let result = await engine.run(publish, topic)
  let asked = 0
  while (result.status === 'paused') {
    const trail = engine.audit?.trail(result.runId)
    asked += trail === undefined ? 0 : waitingApprovals(trail).length
    result = (await engine.resume(result.runId, true)) as typeof result
  }
  return { output: result.success ? result.output : result.feedback, asked }
}
