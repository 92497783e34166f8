import { explainRun, memoryAudit } from 'shakedown'
import { expect, test } from 'vitest'
import { renderConsole } from '../../../reporters/render/console.ts'
import { inAscii } from '../../../reporters/text/ascii.ts'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { renderRuns } from '../../../reporters/trail/runs-table.ts'
import { forkedRun } from '../../src/audit/contract/forks.ts'
import { sampleReport } from '../support/sample-report.ts'

const options = { color: false, columns: 80, reportDir: '.shakedown' }

function explanation(): string {
  const store = memoryAudit()
  for (const record of forkedRun('r1')) store.append(record)
  return renderExplanation(explainRun(store.trail('r1')!), { color: false, columns: 80 })
}

const unfinished = {
  runId: 'run-6f1c2a8b',
  pipeline: 'a-name-that-is-longer-than-its-column-has-room-for-and-so-is-cut',
  status: 'running',
  startedWallMs: 0,
  finishedWallMs: null,
  latencyMs: null,
  attempts: null,
  usage: { costUsd: 0, tokens: 0 },
  feedback: null,
} as const

test.each([
  ['the summary', () => renderConsole(sampleReport(), options)],
  ['an explanation', explanation],
  ['a list of runs', () => renderRuns([unfinished])],
])('each sign of %s is in the table', (_what, render) => {
  expect(render()).toMatch(/[^\n -~]/)
  expect([...new Set(inAscii(render()).match(/[^\n -~]/g))]).toEqual([])
})
