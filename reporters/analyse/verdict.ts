import type { Failure, RunEnd, RunExitCode, RunReport, RunStatus } from '../report/model.ts'
import type { RunTally } from './tally.ts'

/** The parts of a report its verdict depends on. */
export type Judged = Pick<RunReport, 'totals' | 'failures' | 'timeouts' | 'asyncErrors' | 'gates'> & {
  readonly end: RunEnd
  /** What Vitest itself said at the end; it also fails for reasons that belong to no test, like finding none. */
  readonly vitestFailed: boolean
  /** That no test is left to run is no failure; see `mayBeEmpty`. */
  readonly mayBeEmpty: boolean
  /** Shards that were announced and are not there. */
  readonly shardsMissing: number
}

/** How the runs ended: the worst of all shards. */
export function endOf(runs: readonly RunTally[]): RunEnd {
  if (runs.some((run) => !run.ended)) return 'killed'
  if (runs.some((run) => run.ended?.status === 'interrupted')) return 'interrupted'
  return runs.some((run) => run.ended?.status === 'bailed') ? 'bailed' : 'finished'
}

/** Whether a run may select no test: it was told so, or it is one shard and the tests are in another. */
export function mayBeEmpty(runs: readonly [RunTally, ...RunTally[]]): boolean {
  const [{ started }, ...others] = runs
  return started.passWithNoTests || (others.length === 0 && started.shard !== null)
}

/**
 * How many shards of the announced count no journal covers. One shard alone is not a merge that lacks the others: it
 * is the report of its own part.
 */
export function missingShards(runs: readonly RunTally[]): number {
  if (runs.length === 1) return 0
  const present = new Set<number>()
  let announced = 0
  for (const { shard } of runs.map((run) => run.started)) {
    if (!shard) continue
    present.add(shard.index)
    announced = Math.max(announced, shard.count)
  }
  return Math.max(0, announced - present.size)
}

/** The run in one word. */
export function statusOf(judged: Judged): RunStatus {
  if (isUnended(judged.end) || judged.totals.lost > 0 || judged.shardsMissing > 0) return 'incomplete'
  if (isEmpty(judged)) return 'empty'
  return exitCodeOf(judged) === 0 ? 'passed' : 'failed'
}

/** Whether filters and configuration left no test: a run that has proved nothing must not look like one that passed. */
function isEmpty(judged: Judged): boolean {
  const { totals, failures, asyncErrors } = judged
  const trouble = isVitestFailed(judged) || failures.length + asyncErrors.length > 0
  return !trouble && totals.tests === totals.deselected
}

/** Vitest fails a shard that got no file: when there are few files, some shards get none. */
function isVitestFailed({ vitestFailed, mayBeEmpty: allowed, totals }: Judged): boolean {
  return vitestFailed && !(allowed && totals.files === 0)
}

function isUnended(end: RunEnd): boolean {
  return end === 'interrupted' || end === 'killed'
}

/**
 * The exit code a supervising process should end with. Of several the order is 1, 4, 3, 2: failing tests are never hidden
 * by another number.
 */
export function exitCodeOf(judged: Judged): RunExitCode {
  const { failures, gates } = judged
  const outlived =
    judged.timeouts.length + judged.asyncErrors.length + judged.totals.lost + judged.shardsMissing
  const unfinished = outlived > 0 || isUnended(judged.end)
  const tests = failures.filter((failure) => !isUnusable(failure))
  if (tests.some(({ status }) => status === 'failed')) return 1
  if (unfinished || tests.length > 0) return 4
  if (isVitestFailed(judged) && failures.length === 0) return 1
  if (gates.some(({ ok }) => !ok)) return 3
  // Without a single file Vitest itself decides; that it lets every test be deselected, as by a misspelt -t, is no reason.
  const nothingRan = isEmpty(judged) && judged.totals.files > 0 && !judged.mayBeEmpty
  return failures.length > 0 || nothingRan ? 2 : 0
}

/** A scenario file, or its subject, that could not be loaded: what the plugin's worker throws for it. */
function isUnusable({ error }: Failure): boolean {
  return error.name === 'UnusableScenario'
}
