import {
  approval,
  createEngine,
  explainRun,
  memoryAudit,
  openSqliteAudit,
  parallel,
  pipeline,
  step,
  systemWorld,
} from 'shakedown'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { temporaryFile } from '../audit/temporary-file.ts'

const ask = (name: string) => approval(name, { message: `May I ${name}?`, schema: z.boolean() })

test('a paused run says what it waits for, and how it goes on', async () => {
  const audit = memoryAudit()
  const engine = createEngine({ audit })
  const node = pipeline('p', parallel('both', { a: ask('send'), b: ask('print') }))
  await engine.run(node, 1, { runId: 'r' })
  const explain = () => renderExplanation(explainRun(audit.trail('r')!), { color: false, columns: 200 })
  expect(explain()).toMatch(/waited for approval at p\/both\/a since .* after its start: May I send\?/)
  expect(explain()).toContain("Answer with engine.resume('r', answer, { at: 'p/both/a' }).")
  await engine.resume('r', true, { at: 'p/both/a' })
  expect(explainRun(audit.trail('r')!).waiting.map(({ path }) => path)).toEqual(['p/both/b'])
  expect(explain()).toContain("Answer with engine.resume('r', answer).")
  expect(audit.conservation()).toMatchObject({ ok: true, open: [{ runId: 'r', finished: false }] })
  await engine.resume('r', true)
  expect(explainRun(audit.trail('r')!).waiting).toEqual([])
  expect(explain()).not.toContain('engine.resume')
})

test('an attempt that a crash ended is shown as interrupted, beside the one that took its place', async () => {
  const file = temporaryFile()
  const audit = openSqliteAudit(file, { clock: systemWorld().clock })
  const inside = Promise.withResolvers<void>()
  let isFirst = true
  const node = step('work', () => {
    if (!isFirst) return 'done'
    isFirst = false
    inside.resolve()
    return new Promise<string>(() => {})
  })
  void createEngine({ audit }).run(node, 1, { runId: 'r', durable: true })
  await inside.promise
  const [open] = explainRun(audit.trail('r')!).tokens[0]!.visits
  expect(open).toMatchObject({ path: 'work', status: 'open', attempts: [{ attempt: 1, status: 'open' }] })
  await audit.close()
  await using engine = createEngine({ audit: file, pipelines: [node] })
  await engine.recover()
  const explanation = explainRun(engine.audit!.trail('r')!)
  expect(explanation.tokens[0]!.visits[0]!.attempts).toMatchObject([
    { attempt: 1, status: 'interrupted', error: { code: 'E_INTERRUPTED' } },
    { attempt: 2, status: 'completed' },
  ])
  expect(renderExplanation(explanation, { color: false, columns: 120 })).toContain('interrupted')
})

test('an attempt that the quota did not let start is none, although its start was on record', async () => {
  const audit = memoryAudit()
  const node = step('dear', () => 1, { estimate: { costUsd: 2 } })
  const run = createEngine({ audit }).run(node, 1, { runId: 'r', durable: true, quota: { costUsd: 1 } })
  await expect(run).rejects.toMatchObject({ name: 'QuotaExceededError' })
  const [visit] = explainRun(audit.trail('r')!).tokens[0]!.visits
  expect(visit).toMatchObject({ path: 'dear', status: 'failed', attempts: [] })
})
