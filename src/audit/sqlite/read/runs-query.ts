import { limitOf } from '../../run-filter.ts'
import type { RunFilter } from '../../store.ts'
import { LISTED_COLUMNS } from './trail-query.ts'

export interface Query {
  readonly sql: string
  readonly parameters: readonly (string | number)[]
}

/**
 * The query for a filter: one range of one index, newest first, whatever is asked for.
 *
 * The index is named, because the planner cannot know that a pipeline's runs are read from the index alone while a
 * status of all pipelines is not.
 *
 * @throws AuditError for an impossible limit
 */
export function runsQuery(filter: RunFilter): Query {
  const { status, pipeline, sinceWallMs } = filter
  const conditions: string[] = []
  const parameters: (string | number)[] = []
  const where = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return
    conditions.push(condition)
    parameters.push(value)
  }
  where('pipeline = ?', pipeline)
  where('status = ?', status)
  where('started_wall_ms >= ?', sinceWallMs)
  parameters.push(limitOf(filter))
  return {
    sql: `SELECT ${LISTED_COLUMNS} FROM runs INDEXED BY ${indexFor(filter)}
      ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
      ORDER BY started_wall_ms DESC, run DESC LIMIT ?`,
    parameters,
  }
}

function indexFor({ status, pipeline }: RunFilter): string {
  if (pipeline !== undefined) return 'runs_by_pipeline'
  return status === undefined ? 'runs_by_time' : 'runs_by_status'
}
