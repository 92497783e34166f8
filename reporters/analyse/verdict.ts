import { REFUSED_RUN } from '../report/model.ts'
import type { Failure, RunEnd, RunExitCode, RunReport, RunStatus } from '../report/model.ts'
import { SCENARIO_FILE, UNUSABLE_SCENARIO } from '../report/scenarios.ts'
import type { GateKind } from './gates/gate.ts'
import type { RunTally } from './tally.ts'

/** The parts of a report its verdict depends on. */
export type Judged = Pick<RunReport, 'totals' | 'failures' | 'asyncErrors'> & {
  /** The gates that are exceeded, also where nobody set a budget. */
  readonly exceeded: readonly GateKind[]
  readonly end: RunEnd
  /** What Vitest itself said at the end; it also fails for reasons that belong to no test, like finding none. */
  readonly vitestFailed: boolean
  /** A run without tests is allowed; see `mayBeEmpty`. */
  readonly mayBeEmpty: boolean
  /** Shards that were announced and are not there. */
  readonly shardsMissing: number
  /** Part of what was recorded cannot be read, so that a failure may be missing. */
  readonly recordsLost: boolean
}

const UNUSABLE: ReadonlySet<string> = new Set([UNUSABLE_SCENARIO, REFUSED_RUN])

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
  if (isCutShort(judged) || judged.exceeded.some(({ name }) => name === 'lost')) return 'incomplete'
  if (isEmpty(judged)) return 'empty'
  return exitCodeOf(judged) === 0 ? 'passed' : 'failed'
}

/** Whether no test ran, left out or skipped: a run that has proved nothing must not look like one that passed. */
function isEmpty(judged: Judged): boolean {
  const { totals, failures, asyncErrors } = judged
  const trouble = isVitestFailed(judged) || failures.length + asyncErrors.length > 0
  return !trouble && totals.tests === totals.deselected + totals.skipped + totals.todo
}

/** Vitest fails a shard that got no file: when there are few files, some shards get none. */
function isVitestFailed({ vitestFailed, mayBeEmpty: allowed, totals }: Judged): boolean {
  return vitestFailed && !(allowed && totals.files === 0)
}

/** Whether tests that were to run, or their results, are missing, and not because of `--bail`. */
function isCutShort({ end, shardsMissing, recordsLost }: Judged): boolean {
  return end === 'interrupted' || end === 'killed' || shardsMissing > 0 || recordsLost
}

/**
 * The exit code a supervising process should end with. Of several the order is 1, 4, 3, 2: failing tests are never
 * hidden by another number.
 */
export function exitCodeOf(judged: Judged): RunExitCode {
  const { failures, asyncErrors, exceeded } = judged
  if (failures.some((failure) => failure.status === 'failed' && !isUnusable(failure))) return 1
  if (isCutShort(judged) || exceeded.some(({ exitCode }) => exitCode === 4)) return 4
  // What its budget allows is why Vitest failed; without any such thing it has a reason of its own.
  if (isVitestFailed(judged) && failures.length + asyncErrors.length === 0) return 1
  if (exceeded.length > 0) return 3
  // Without a single file Vitest itself decides; that it lets every test be deselected, as by a misspelt -t, is no
  // reason.
  const { files, tests, deselected } = judged.totals
  // Tests that all are skipped by their author are what was asked for.
  const leftOut = files > 0 && (tests === 0 || deselected > 0)
  const nothingRan = isEmpty(judged) && leftOut && !judged.mayBeEmpty
  return failures.some(isUnusable) || nothingRan ? 2 : 0
}

/**
 * A run that was refused, or a scenario file, or its subject, that could not be loaded: what the plugin's worker throws
 * for it, and whatever a scenario file in TypeScript throws before there is a test.
 */
function isUnusable({ error, file, test, phase }: Failure): boolean {
  return UNUSABLE.has(error.name) || (test === null && phase === 'import' && SCENARIO_FILE.test(file))
}
