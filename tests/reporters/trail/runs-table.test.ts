import { expect, test } from 'vitest'
import { renderConservation, renderRuns, shortIds } from '../../../reporters/trail/runs-table.ts'
import type { RunRow } from '../../../src/index.ts'

function row(change: Partial<RunRow>): RunRow {
  return {
    runId: 'run-6f1c2a8b-0b7e-4d5e-9f57-0d1e4c1f2a3b',
    pipeline: 'article',
    status: 'completed',
    startedWallMs: new Date(2026, 10, 20, 9, 46, 44).getTime(),
    finishedWallMs: null,
    latencyMs: 1234.5,
    attempts: 3,
    usage: { costUsd: 0, tokens: 0 },
    feedback: null,
    ...change,
  }
}

test('runs are listed in columns, with just enough of their ids', () => {
  const listing = renderRuns([
    row({}),
    row({
      runId: 'run-6f1c2a8c-0000',
      pipeline: 'order',
      status: 'running',
      latencyMs: null,
      attempts: null,
    }),
  ])
  expect(listing).toBe(
    `
RUN           PIPELINE  STATUS     STARTED              TOOK    TRIES
run-6f1c2a8b  article   completed  2026-11-20 09:46:44  1.23 s  3
run-6f1c2a8c  order     running    2026-11-20 09:46:44  –       –
`.trimStart(),
  )
})

test.each([
  ['run-6f1c2a8b', ['RUN', 'PIPELINE', 'STATUS', 'STARTED', 'TOOK']],
  ['run-68d4e19c7a6865b2-12345', ['RUN', 'PIPELINE', 'STATUS', 'STARTED']],
  ['run-6f1c2a8b-0b7e-4d5e-9f57-0d1e4c1f2a3b', ['RUN', 'PIPELINE', 'STATUS']],
  ['i'.repeat(60), ['RUN', 'STATUS']],
])('the widest rows with an id like %s fit 80 columns', (runId, titles) => {
  // The second id differs in its last letter alone, so that none may be cut.
  const wide = { pipeline: 'p'.repeat(200), latencyMs: 3_599_000, attempts: 12_345 }
  const lines = renderRuns([
    row({ ...wide, runId }),
    row({ ...wide, runId: `${runId.slice(0, -1)}x` }),
  ]).split('\n')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  expect(lines[0]!.split(/ +/)).toEqual(titles)
  expect(lines[1]).toMatch(new RegExp(`^${runId} `))
})

test('a name cannot move the cursor or start a line of its own', () => {
  const listing = renderRuns([row({ pipeline: '\u001B[2Ja\nb' })])
  expect(listing).not.toContain('\u001B')
  expect(listing.split('\n')).toHaveLength(3)
})

test('no runs are said to be none', () => {
  expect(renderRuns([])).toBe('No runs.\n')
})

test('ids that differ late are shown to where they differ', () => {
  expect(shortIds(['run-0000000001', 'run-0000000002'])).toEqual(['run-0000000001', 'run-0000000002'])
  expect(shortIds(['run-1', 'run-2'])).toEqual(['run-1', 'run-2'])
})

test('tokens that are all accounted for are said to be', () => {
  const open = [{ runId: 'run-2', tokens: 1, outcomes: 0, finished: false }]
  expect(renderConservation({ tokens: 3, outcomes: 2, open, ok: true })).toBe(
    `
Every token of every finished run has exactly one outcome.
3 tokens, 2 outcomes.
1 run still going, paused or killed: not counted as a fault.
`.trimStart(),
  )
})

test('a finished run that lost a token is named', () => {
  const open = [{ runId: 'run-1', tokens: 2, outcomes: 1, finished: true }]
  expect(renderConservation({ tokens: 2, outcomes: 1, open, ok: false })).toBe(
    `
1 finished run does not account for its tokens:
  run-1  2 tokens  1 outcome
2 tokens, 1 outcome.
`.trimStart(),
  )
})
