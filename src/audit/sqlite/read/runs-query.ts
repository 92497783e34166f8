import { limitOf } from '../../run-filter.ts'
import type { RunFilter } from '../../store.ts'
import { LISTED_COLUMNS } from './trail-query.ts'

export interface Query {
  readonly sql: string
  readonly parameters: readonly (string | number)[]
}

type RunStatus = NonNullable<RunFilter['status']>

/** All that a run's status can be; a list that missed one would hide its runs. */
const STATUSES = Object.keys({
  running: true,
  completed: true,
  failed: true,
  paused: true,
  cancelled: true,
  skipped: true,
} satisfies Record<RunStatus, true>) as readonly RunStatus[]

/** Follows every text that begins with what it is put after: no letter comes after this one. */
const AFTER_ALL_LETTERS = '\u{10FFFF}'

/**
 * The query for a filter, newest first, whatever is asked for: one range of an index for each status, and the ranges
 * merged, so that no more rows are read than are shown. Only the runs that begin like an id are sorted.
 *
 * The index is named, because the planner cannot know how many runs share a status or a pipeline.
 *
 * @throws AuditError for an impossible limit
 */
export function runsQuery(filter: RunFilter): Query {
  const { status, runIdPrefix } = filter
  const limit = limitOf(filter)
  const order = 'ORDER BY started_wall_ms DESC, run DESC LIMIT ?'
  const ranges =
    runIdPrefix === undefined
      ? (status === undefined ? STATUSES : [status]).map((each) => rangeOf({ ...filter, status: each }))
      : [rangeOf(filter)]
  return {
    sql: `${ranges.map(({ sql }) => sql).join(' UNION ALL ')} ${order}`,
    parameters: [...ranges.flatMap(({ parameters }) => parameters), limit],
  }
}

/** One range of one index. */
function rangeOf({ status, pipeline, sinceWallMs, runIdPrefix }: RunFilter): Query {
  const conditions: string[] = []
  const parameters: (string | number)[] = []
  const where = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return
    conditions.push(condition)
    parameters.push(value)
  }
  where('run_id >= ?', runIdPrefix)
  where('run_id < ?', runIdPrefix === undefined ? undefined : runIdPrefix + AFTER_ALL_LETTERS)
  where('pipeline = ?', pipeline)
  where('status = ?', status)
  where('started_wall_ms >= ?', sinceWallMs)
  // Runs that go on are few, and not in the index of pipelines; SQLite takes it only where this says that none is asked for.
  const byPipeline = pipeline !== undefined && status !== 'running'
  if (byPipeline) conditions.push('finished_seq IS NOT NULL')
  // SQLite gives the index of a UNIQUE column its name.
  const index =
    runIdPrefix !== undefined ? 'sqlite_autoindex_runs_1' : byPipeline ? 'runs_by_pipeline' : 'runs_by_status'
  return {
    // Both are what the list is ordered by, so a merge needs them beside what is shown.
    sql: `SELECT ${LISTED_COLUMNS}, started_wall_ms, run FROM runs INDEXED BY ${index} WHERE ${conditions.join(' AND ')}`,
    parameters,
  }
}
