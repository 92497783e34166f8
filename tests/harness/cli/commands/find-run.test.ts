import { memoryAudit } from 'shakedown'
import { expect, test } from 'vitest'
import { findRun } from '../../../../harness/cli/commands/find-run.ts'
import { runStarted } from '../../../src/audit/sample-records.ts'

test('the beginning of an id finds a run however many are newer', () => {
  const audit = memoryAudit({ runsMax: 20_000 })
  audit.append(runStarted('old-77', { startedWallMs: 0 }))
  for (let run = 0; run < 10_001; run++)
    audit.append(runStarted(`run-${run}`, { startedWallMs: 1_000 + run }))
  expect(findRun(audit, 'old').runId).toBe('old-77')
  // The refusing case beside it: one letter that fits no run.
  expect(() => findRun(audit, 'olt')).toThrow('which no run has')
})
