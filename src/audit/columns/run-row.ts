import type { RunFinishedRecord, RunStartedRecord } from '../records.ts'
import type { RowOf, RunRow } from '../store.ts'

/** A run in the list of runs, of its start and of the end it has come to so far. */
export function runRow(
  runId: string,
  start: Omit<RowOf<RunStartedRecord>, 'seq'>,
  end: Omit<RowOf<RunFinishedRecord>, 'seq'> | undefined,
): RunRow {
  return {
    runId,
    pipeline: start.pipeline,
    status: end?.status ?? 'running',
    startedWallMs: start.startedWallMs,
    finishedWallMs: end?.finishedWallMs ?? null,
    latencyMs: end?.latencyMs ?? null,
    attempts: end?.attempts ?? null,
    usage: end?.usage ?? null,
    feedback: end?.feedback ?? null,
  }
}
