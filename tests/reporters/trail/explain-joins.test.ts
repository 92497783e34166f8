import { explainRun, join, parallel, pipeline, quorum, step } from 'shakedown'
import { expect, test } from 'vitest'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { textWidth } from '../../../reporters/text/wrap.ts'
import { runAllInSim } from '../../src/items/all-in-sim.ts'
import { runInSim } from '../../support/in-sim.ts'
import type { TappedAudit } from '../../../harness/run/tapped-audit.ts'

const opinion = (ms: number, name: string) =>
  step(name, async (topic: string, ctx) => {
    await ctx.sleep(ms)
    return `${topic}: ${name}`
  })

/** The story of the one run in a trail, as a terminal of 80 columns shows it. */
function story(audit: TappedAudit): string {
  const [trail] = audit.trails()
  const text = renderExplanation(explainRun(trail!), { color: false, columns: 80 })
  for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80)
  return text
}

test('a quorum that failed: who arrived with what, who was missing or lost, policy, reason and times', async () => {
  const law = step('law', (_: string): string => {
    throw new Error('the model is overloaded')
  })
  const reviews = parallel(
    'reviews',
    { tone: opinion(10, 'tone'), facts: opinion(400, 'facts'), law },
    { join: quorum(2, { timeoutMs: 100 }), missing: 'quarantine' },
  )
  const { audit } = await runInSim(pipeline('article', reviews), 'tides')
  const text = story(audit)
  expect(text).toContain(
    `
  100 ms  article/reviews (join, quorum(2)): failed after 90 ms, its time
            limit of 100 ms over: quorum_not_met_at_timeout
            arrived tone (t2, at 10 ms)
            missing facts; their tokens: quarantined
            lost    law (the model is overloaded)
            held    {"tone":"tides: tone"}
`
      .replace('\n  100', '\n    100')
      .slice(1),
  )
  expect(text).toContain(`
 • The join article/reviews (quorum(2)) failed: quorum_not_met_at_timeout.
   arrived: tone (t2, at 10 ms); missing: facts; their tokens: quarantined;
   lost: law (the model is overloaded).
`)
  expect(text).toContain(' • article/reviews/law failed after 1 attempt: the model is overloaded')
  const [trail] = audit.trails()
  expect(JSON.parse(JSON.stringify(explainRun(trail!).joins))).toMatchObject([
    {
      policy: 'quorum(2)',
      reason: 'quorum_not_met_at_timeout',
      arrived: [{ branch: 'tone', tokenId: 't2', atMs: 10 }],
      missing: ['facts'],
      missingOutcome: 'quarantined',
      lost: [{ branch: 'law', reason: 'the model is overloaded' }],
      waitedMs: 90,
      timeoutMs: 100,
      input: { json: '{"tone":"tides: tone"}' },
    },
  ])
})

test('why items never reached the end: their join failed, they came late, or their own step did', async () => {
  const read = step('read', (part: { order: string; kind: string }) => {
    if (part.kind === 'rubbish') throw new Error('it cannot be read')
    return part
  })
  const meet = join('meet', {
    key: (part: { order: string; kind: string }) => part.order,
    branch: ({ kind }) => kind,
    branches: ['bill', 'parcel', 'note'],
    policy: quorum(2),
  })
  const kinds = ['o1/bill', 'o1/parcel', 'o2/note', 'o1/note', 'o3/rubbish']
  const source = kinds.map((id) => ({ order: id.slice(0, 2), kind: id.slice(3) }))
  const { audit } = await runAllInSim(pipeline('orders', read, meet), source, {
    key: ({ order, kind }) => `${order}/${kind}`,
    concurrency: 1,
  })
  const text = story(audit)
  expect(text).toContain(`
 • orders/meet of item o1/note failed: late_arrival_after_merge
 • orders/read of item o3/rubbish failed after 1 attempt: it cannot be read
 • The join orders/meet (quorum(2)) of item o2 failed: quorum_not_met. arrived:
   note (t5, at 0 ms); missing: bill, parcel; their tokens: failed.
`)
  expect(text).toContain(' t2 (from t1, item o1/bill) coalesced at 0 ms into t4')
  expect(text).toContain(' t4 (from t2 and t3, item o1) completed at 0 ms')
  expect(text).toContain('stopped by join orders/meet o2')
})
