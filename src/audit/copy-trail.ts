import { LISTS, TABLES } from './columns/tables.ts'
import { storedError, StoredText } from './payload.ts'
import type { AuditRecord } from './records.ts'
import type { AuditStore, RowOf, RunTrail, StoredPayload } from './store.ts'

/**
 * Copies a whole run into another store, under a run id of its own there: how the runs of many scenarios, recorded
 * in memory by many worker processes, come into one file. A trail is plain data, so it may have come as JSON.
 *
 * Payloads are copied as they are stored, cut ones with the length and hash of the whole. The run is committed in
 * one transaction: all of it or nothing.
 *
 * @returns after the commit
 * @throws AuditError when the store refuses the run, for example because it holds that run id already
 *
 * @example
 * const file = openSqliteAudit('./runs.db', { clock: systemWorld().clock })
 * await copyTrail(trail, file, systemWorld().nextId('run'))
 * await file.close()
 */
export async function copyTrail(trail: RunTrail, into: AuditStore, runId: string): Promise<void> {
  for (const record of recordsOf(trail, runId)) into.append(record)
  await into.committed(runId)
}

interface Numbered {
  readonly seq: number
  readonly record: AuditRecord
}

/** The records that leave this trail, in their order. */
function recordsOf(trail: RunTrail, runId: string): AuditRecord[] {
  const { pipeline, startedWallMs, input } = trail
  const numbered: Numbered[] = [
    { seq: 1, record: { kind: 'run-started', runId, pipeline, startedWallMs, input: valueOf(input) } },
  ]
  for (const list of Object.keys(LISTS) as (keyof typeof LISTS)[])
    numbered.push(...revived(LISTS[list], trail[list], runId))
  const end = endOf(trail, runId)
  if (end !== undefined) numbered.push(end)
  return numbered.toSorted((a, b) => a.seq - b.seq).map(({ record }) => record)
}

function revived(
  kind: AuditRecord['kind'],
  rows: readonly RowOf<unknown>[],
  runId: string,
): readonly Numbered[] {
  const table = TABLES[kind] as { revive(row: RowOf<unknown>): object }
  // A table gives back what its kind of record holds; which kind that is, the compiler cannot see.
  return rows.map((row) => ({ seq: row.seq, record: { kind, runId, ...table.revive(row) } as AuditRecord }))
}

function endOf(trail: RunTrail, runId: string): Numbered | undefined {
  const { finishedSeq, status, finishedWallMs, latencyMs, attempts, usage } = trail
  if (finishedSeq === null || status === 'running') return undefined
  return {
    seq: finishedSeq,
    record: {
      kind: 'run-finished',
      runId,
      status,
      // A run with an end has all of these.
      finishedWallMs: finishedWallMs ?? 0,
      latencyMs: latencyMs ?? 0,
      attempts: attempts ?? 0,
      usage: usage ?? { costUsd: 0, tokens: 0 },
      output: valueOf(trail.output),
      feedback: trail.feedback,
      error: storedError(trail.error),
    },
  }
}

function valueOf(payload: StoredPayload | null): StoredText | undefined {
  return payload === null ? undefined : new StoredText(payload)
}
