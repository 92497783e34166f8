import { runRow } from '../columns/run-row.ts'
import { LISTS, tableOf, TABLES } from '../columns/tables.ts'
import type { PayloadCodec } from '../payload.ts'
import type { AuditRecord } from '../records.ts'
import type { RowOf, RunRow, RunTrail } from '../store.ts'
import type { MemoryRun } from './memory-run.ts'

/** A run in memory as a row of the list of runs, without its payloads. */
export function memoryRow({ started, finished }: MemoryRun, codec: PayloadCodec): RunRow {
  const end =
    finished === undefined
      ? undefined
      : TABLES['run-finished'].stored({ ...finished, error: null }, [], codec)
  return runRow(started.runId, TABLES['run-started'].stored(started, [], codec), end)
}

/** A run in memory as the read model shows it: what the SQLite store would have written is made here. */
export function memoryTrail(run: MemoryRun, codec: PayloadCodec): RunTrail {
  const { entries, started, finished, finishedAt } = run
  const start = TABLES['run-started'].stored(started, entries[0]?.snapshots ?? [], codec)
  const end =
    finished === undefined
      ? undefined
      : TABLES['run-finished'].stored(finished, entries[finishedAt]?.snapshots ?? [], codec)
  const rows = new Map<AuditRecord['kind'], RowOf<unknown>[]>()
  for (const kind of Object.values(LISTS)) rows.set(kind, [])
  for (const [index, { record, snapshots }] of entries.entries()) {
    // The run's start and its ends have no list.
    rows.get(record.kind)?.push({ seq: index + 1, ...tableOf(record).stored(record, snapshots, codec) })
  }
  const lists = Object.entries(LISTS).map(([list, kind]) => [list, rows.get(kind)] as const)
  return {
    ...runRow(started.runId, start, end),
    finishedSeq: finished === undefined ? null : finishedAt + 1,
    input: start.input,
    output: end?.output ?? null,
    error: end?.error ?? null,
    // One list for each name in `LISTS`, with the rows of its kind.
    ...(Object.fromEntries(lists) as unknown as Pick<RunTrail, keyof typeof LISTS>),
  }
}
