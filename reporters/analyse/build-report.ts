import { SCHEMA_VERSION } from '../report/model.ts'
import { assignCrashes } from './crashes.ts'
import { failuresOf } from './failures.ts'
import { judgeGates } from './gates.ts'
import { markNotRun } from './not-run.ts'
import { remarksOf } from './remarks.ts'
import { scenariosOf } from './scenarios.ts'
import { projectOf, tally } from './tally.ts'
import { flakyOf, skippedOf, slowestOf } from './tests.ts'
import { timeoutsOf } from './timeouts.ts'
import { filesOf, totalsOf } from './totals.ts'
import { endOf, exitCodeOf, mayBeEmpty, missingShards, statusOf } from './verdict.ts'
import { warningsOf } from './warnings.ts'
import type { AsyncError, RunInfo, RunReport } from '../report/model.ts'
import type { JournalEvent, UnhandledError, WorkerCrashed } from '../journal/events.ts'
import type { RunTally } from './tally.ts'
import type { Judged } from './verdict.ts'

/**
 * Builds the report from the journal of a run, and from nothing else: also from that of a run that was killed.
 *
 * Journals of shards are merged by passing their events one after the other; the budgets of the first one hold.
 *
 * @throws ShakedownError `E_JOURNAL` when there is no event at all
 * @example
 * const report = buildReport(readJournal('.shakedown/journal/2026-11-20T09-46-44-071Z-3fa91c.jsonl').events)
 */
export function buildReport(events: Iterable<JournalEvent>): RunReport {
  const runs = tally(events)
  const strayCrashes = runs.flatMap(assignCrashes)
  for (const run of runs) markNotRun(run)
  const files = runs.flatMap((run) => [...run.files.values()])
  const gated = {
    totals: totalsOf(files),
    timeouts: runs.flatMap(timeoutsOf),
    asyncErrors: [...runs.flatMap((run) => run.unhandled.map(asyncError)), ...strayCrashes.map(strayCrash)],
    warnings: warningsOf(runs),
    flaky: flakyOf(files),
    remarks: runs.flatMap(remarksOf),
    benches: [],
  }
  const { gates, exceeded } = judgeGates(gated, runs[0].started.budgets)
  const facts: Judged = {
    ...gated,
    failures: runs.flatMap(failuresOf),
    exceeded,
    end: endOf(runs),
    vitestFailed: runs.some((run) => run.ended?.status === 'failed'),
    shardsMissing: missingShards(runs),
    recordsLost: runs.some(({ lost }) => lost.length > 0),
    mayBeEmpty: mayBeEmpty(runs),
  }
  const { totals, timeouts, asyncErrors, warnings, flaky, remarks, benches } = gated
  const { failures } = facts
  return {
    schemaVersion: SCHEMA_VERSION,
    run: runInfo(runs, facts),
    totals,
    files: filesOf(files, warnings.byFile),
    failures,
    timeouts,
    asyncErrors,
    warnings,
    skipped: skippedOf(files),
    slowest: slowestOf(files),
    flaky,
    benches,
    gates,
    scenarios: scenariosOf(files),
    remarks,
  }
}

function runInfo(runs: readonly [RunTally, ...RunTally[]], facts: Judged): RunInfo {
  const { runId, vitest, node, commit, branch, ci } = runs[0].started
  return {
    id: runId,
    startedAt: new Date(Math.min(...runs.map((run) => run.started.atMs))).toISOString(),
    // Shards run side by side, perhaps on machines whose clocks differ: the slowest one is what people waited for.
    durationMs: Math.max(...runs.map(durationOf)),
    status: statusOf(facts),
    end: facts.end,
    exitCode: exitCodeOf(facts),
    rerun: rerunOf(runs),
    processExitCode: runs.length === 1 ? (runs[0].exitCode ?? null) : null,
    vitest,
    node,
    commit,
    branch,
    shards: runs.flatMap((run) => run.started.shard ?? []),
    ci,
  }
}

/** Of merged runs each may have been whole. */
function rerunOf([{ started, files }, ...others]: readonly [RunTally, ...RunTally[]]): RunInfo['rerun'] {
  return started.rerun === undefined || others.length > 0 ? null : { files: files.size, of: started.rerun.of }
}

function asyncError(event: UnhandledError): AsyncError {
  const { file, test, confidence, kind, error, during } = event
  return {
    file,
    ...projectOf(event),
    ...(test === undefined ? {} : { test }),
    confidence,
    kind,
    error,
    ...(during === undefined ? {} : { during }),
  }
}

/** A worker that died after its files had ended took nothing with it, but that it died must not be missed. */
function strayCrash(event: WorkerCrashed): AsyncError {
  const { file, error } = event
  return { file, ...projectOf(event), confidence: 'file', kind: 'uncaughtException', error }
}

function durationOf({ started, lastAtMs, ended }: RunTally): number {
  return ended?.durationMs ?? lastAtMs - started.atMs
}
