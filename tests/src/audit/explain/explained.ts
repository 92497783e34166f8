import type { Explanation } from '../../../../src/audit/explain/explanation.ts'
import { explainRun } from '../../../../src/audit/explain/explain-run.ts'
import { memoryAudit } from '../../../../src/audit/memory/memory-audit.ts'
import type { AuditRecord, StepRecord } from '../../../../src/audit/records.ts'
import { attempt, runStarted, step, token } from '../sample-records.ts'

export function explain(records: readonly AuditRecord[]): Explanation {
  const store = memoryAudit()
  for (const record of records) store.append(record)
  return explainRun(store.trail(records[0]!.runId)!)
}

const nothing = { costUsd: 0, tokens: 0 }
const error = { name: 'Error', message: 'connection reset' }
export const failing = { status: 'failed', output: undefined, error, usage: nothing } as const
export const failedStep = { status: 'failed', feedback: 'connection reset', usage: nothing } as const

/** A pipeline whose first step is rescued by its fallback (or not). */
export function fallbackRun(rescued: boolean, last: readonly AuditRecord[]): AuditRecord[] {
  const at = (path: string, name: string) => ({ path, step: name })
  const end: Partial<StepRecord> = rescued ? {} : failedStep
  return [
    runStarted('r1'),
    token('r1'),
    attempt('r1', { ...at('article/draft/draft', 'draft'), ...failing }),
    step('r1', { ...at('article/draft/draft', 'draft'), ...failedStep }),
    {
      kind: 'event',
      runId: 'r1',
      tokenId: 't1',
      path: 'article/draft',
      visit: 1,
      event: 'fallback',
      atMs: 15,
      detail: { from: 'article/draft/draft', to: 'article/draft/backup' },
    },
    attempt('r1', { ...at('article/draft/backup', 'backup'), ...(rescued ? {} : failing) }),
    step('r1', { ...at('article/draft/backup', 'backup'), ...end }),
    step('r1', { ...at('article/draft', 'draft'), node: 'fallback', ...end }),
    ...last,
  ]
}
