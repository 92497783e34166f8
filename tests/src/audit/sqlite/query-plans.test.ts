import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate } from '../../../../src/audit/sqlite/file/migrate.ts'
import { runsQuery } from '../../../../src/audit/sqlite/read/runs-query.ts'
import { listQuery } from '../../../../src/audit/sqlite/read/trail-query.ts'
import { LAST_BLOCK, LAST_SEQ } from '../../../../src/audit/sqlite/write/run-places.ts'
import { LISTS } from '../../../../src/audit/columns/tables.ts'
import type { RunFilter } from '../../../../src/audit/store.ts'

const db = new Database(':memory:')
migrate(db)

/** How SQLite would go about a query, step by step. */
function plan(sql: string, parameters: readonly unknown[]): string[] {
  const steps = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters)
  return steps.map(({ detail }) => detail)
}

const status = 'failed'
const pipeline = 'article'
const sinceWallMs = 1000
test.for<[RunFilter, string]>([
  [{ status }, 'runs_by_status (status=?)'],
  [{ status, sinceWallMs }, 'runs_by_status (status=? AND started_wall_ms>?)'],
  [{ pipeline, status }, 'runs_by_pipeline (pipeline=? AND status=?)'],
  [{ pipeline, status, sinceWallMs }, 'runs_by_pipeline (pipeline=? AND status=? AND started_wall_ms>?)'],
  [{ pipeline, status: 'running' }, 'runs_by_status (status=?)'],
])('runs filtered by %o are one range of one index', ([filter, range]) => {
  const { sql, parameters } = runsQuery(filter)
  expect(unsorted(plan(sql, parameters))).toEqual([`SEARCH runs USING INDEX ${range}`])
})

test.for<[RunFilter, string]>([
  [{}, 'runs_by_status (status=?)'],
  [{ sinceWallMs }, 'runs_by_status (status=? AND started_wall_ms>?)'],
  [{ pipeline }, 'runs_by_pipeline (pipeline=? AND status=?)'],
  [{ pipeline, sinceWallMs }, 'runs_by_pipeline (pipeline=? AND status=? AND started_wall_ms>?)'],
])('runs filtered by %o are one range for each status, merged without sorting', ([filter, range]) => {
  const { sql, parameters } = runsQuery(filter)
  const steps = unsorted(plan(sql, parameters))
  const searches = steps.filter((step) => step.startsWith('SEARCH'))
  // Those that go on are looked for among all that do.
  const running = `SEARCH runs USING INDEX ${range.replace('pipeline (pipeline=? AND ', 'status (')}`
  expect(searches.toSorted()).toEqual(
    [running, ...Array.from({ length: 5 }, () => `SEARCH runs USING INDEX ${range}`)].toSorted(),
  )
  expect(new Set(steps.filter((step) => !step.startsWith('SEARCH')))).toEqual(
    new Set(['MERGE (UNION ALL)', 'LEFT', 'RIGHT']),
  )
  expect(parameters.at(-1)).toBe(50)
})

test('runs whose ids begin alike are found by their ids, and only those are sorted', () => {
  const { sql, parameters } = runsQuery({ runIdPrefix: 'run-7' })
  expect(plan(sql, parameters)).toEqual([
    'SEARCH runs USING INDEX sqlite_autoindex_runs_1 (run_id>? AND run_id<?)',
    'USE TEMP B-TREE FOR ORDER BY',
  ])
})

test('a scan would be seen: without its index the same question is one', () => {
  const { sql, parameters } = runsQuery({ status })
  const unindexed = sql.replace(/INDEXED BY \w+/, 'NOT INDEXED')
  expect(plan(unindexed, parameters)).toEqual(['SCAN runs', 'USE TEMP B-TREE FOR ORDER BY'])
})

test.for(Object.keys(LISTS) as (keyof typeof LISTS)[])('%s of a run are read without a scan', (list) => {
  expect(scans(plan(listQuery(list), [{ run: 1 }]))).toEqual([])
})

test('where a run goes on is found without a scan', () => {
  expect(scans(plan(LAST_BLOCK, [1]))).toEqual([])
  expect(scans(plan(LAST_SEQ, [{ run: 1, block: 1 }]))).toEqual([])
})

test('a scan would be seen: attempts have no index of runs', () => {
  expect(scans(plan('SELECT seq FROM attempts WHERE run = ?', [1]))).toEqual(['SCAN attempts'])
})

/** Tables that are read from end to end; what a query has put together itself is not one. */
function scans(steps: readonly string[]): string[] {
  return steps.filter((step) => /^SCAN (?!\(subquery|CONSTANT ROW|step_ends$)/.test(step))
}

/** Ties of one millisecond may be sorted; the list itself may not. */
function unsorted(steps: readonly string[]): string[] {
  return steps.filter((step) => step !== 'USE TEMP B-TREE FOR LAST TERM OF ORDER BY')
}
