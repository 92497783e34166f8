import {
  type JoinRecord,
  type OutcomeRecord,
  parallel,
  type ParallelOptions,
  type RunOptions,
} from 'shakedown'
import { expect } from 'vitest'
import { runInSim } from '../../support/in-sim.ts'

/** What a run of these branches comes to. */
export async function joined(
  branches: Parameters<typeof parallel>[1],
  options: ParallelOptions,
  runOptions: RunOptions = {},
) {
  const run = await runInSim(parallel('p', branches, options), 'tides', runOptions)
  const { records } = run.audit
  const joins = records.filter((record): record is JoinRecord => record.kind === 'join')
  const named = records.flatMap((each) =>
    each.kind === 'token' ? [[each.tokenId, each.branch] as const] : [],
  )
  const branchOf = new Map(named)
  const fates = records.flatMap((record) =>
    record.kind === 'outcome' ? [[branchOf.get(record.tokenId) ?? record.tokenId, record]] : [],
  )
  const arrivals = records.flatMap((record) =>
    record.kind === 'step' && record.node === 'join' ? [branchOf.get(record.tokenId)] : [],
  )
  expect(joins).toHaveLength(1)
  expect(run.audit.conservation().ok).toBe(true)
  return { ...run, join: joins[0]!, outcomes: Object.fromEntries(fates) as Outcomes, arrivals }
}

type Outcomes = Record<string, OutcomeRecord>
