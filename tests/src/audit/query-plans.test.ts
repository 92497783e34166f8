import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate } from '../../../src/audit/sqlite/file/migrate.ts'
import { runsQuery } from '../../../src/audit/sqlite/read/runs-query.ts'
import type { RunFilter } from '../../../src/audit/store.ts'

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
  [{ pipeline }, 'runs_by_pipeline (pipeline=?)'],
  [{ sinceWallMs }, 'runs_by_time (started_wall_ms>?)'],
  [{ status, sinceWallMs }, 'runs_by_status (status=? AND started_wall_ms>?)'],
  [{ pipeline, sinceWallMs }, 'runs_by_pipeline (pipeline=? AND started_wall_ms>?)'],
  [{ pipeline, status }, 'runs_by_pipeline (pipeline=?)'],
  [{ pipeline, status, sinceWallMs }, 'runs_by_pipeline (pipeline=? AND started_wall_ms>?)'],
])('runs filtered by %o are one range of one index', ([filter, range]) => {
  const { sql, parameters } = runsQuery(filter)
  const [search, ...rest] = plan(sql, parameters)
  expect(search).toBe(`SEARCH runs USING INDEX ${range}`)
  // Ties of one millisecond may be sorted; the list itself may not.
  expect(rest.filter((step) => step !== 'USE TEMP B-TREE FOR LAST TERM OF ORDER BY')).toEqual([])
})

test('all runs are read newest first from an index, and no further than the limit', () => {
  const { sql, parameters } = runsQuery({})
  expect(plan(sql, parameters)).toEqual(['SCAN runs USING INDEX runs_by_time'])
  expect(parameters).toEqual([50])
})

test('a scan would be seen: without its index the same question is one', () => {
  const { sql, parameters } = runsQuery({ status })
  const unindexed = sql.replace(/INDEXED BY \w+/, 'NOT INDEXED')
  expect(plan(unindexed, parameters)).toEqual(['SCAN runs', 'USE TEMP B-TREE FOR ORDER BY'])
})
